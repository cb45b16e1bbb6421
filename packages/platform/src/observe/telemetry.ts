/** What is measured. A unit stands in the name too, so that Prometheus reads the same names from us and from a collector. */
export const metrics = {
  "finops.request.seconds": { kind: "histogram", unit: "s", about: "Requests, by route and status" },
  "finops.work.seconds": { kind: "histogram", unit: "s", about: "Work items, by kind and outcome" },
  "finops.cost_query.seconds": { kind: "histogram", unit: "s", about: "Statements to the cost store, by engine" },
  "finops.cost_query.rows": { kind: "counter", unit: "", about: "Rows that the cost store answered" },
  "finops.cost_answers": { kind: "counter", unit: "", about: "Answers to cost queries, from memory or not" },
  "finops.import.rows": { kind: "counter", unit: "", about: "Rows of bills that were published" },
  "finops.queue.items": { kind: "gauge", unit: "", about: "Work items that wait or run, by pool and kind" },
  "finops.queue.oldest_seconds": { kind: "gauge", unit: "s", about: "Age of the oldest of them" },
  "finops.outbox.items": { kind: "gauge", unit: "", about: "Messages that wait, or could not be delivered" },
  "finops.database.transactions": { kind: "gauge", unit: "", about: "Transactions under way or waiting to begin" },
  "finops.database.connections_max": { kind: "gauge", unit: "", about: "Connections that this process may have" },
  "finops.live.connections": { kind: "gauge", unit: "", about: "Pages that listen" },
} as const satisfies Record<string, { kind: "histogram" | "counter" | "gauge"; unit: string; about: string }>;

type Named<Kind> = {
  [Name in keyof typeof metrics]: (typeof metrics)[Name]["kind"] extends Kind ? Name : never;
}[keyof typeof metrics];
export type HistogramName = Named<"histogram">;
export type CounterName = Named<"counter">;
export type GaugeName = Named<"gauge">;

/** No personal data and nothing that people typed. `tenant` is told as a hash, unless a setting says otherwise. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface Span {
  set(attributes: Attributes): void;
}

export interface SpanOptions {
  kind?: "server" | "consumer" | "client";
  attributes?: Attributes;
  /** A span that is not part of what runs now, and the place in a trace that led to it (W3C `traceparent`). */
  root?: { link: string | null };
}

/** How much stands at what, each with its attributes. */
export type Readings = readonly (readonly [number, Attributes])[];

/** Traces and figures for those who look after an installation; where nobody looks, nothing is done. */
export interface Telemetry {
  /** Runs work in a span; spans that begin inside are its children. What is thrown marks it as failed. */
  span<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  record(name: HistogramName, value: number, attributes: Attributes): void;
  add(name: CounterName, by: number, attributes: Attributes): void;
  /** Read whenever figures are asked for. */
  watch(names: readonly GaugeName[], read: () => Promise<Partial<Record<GaugeName, Readings>>>): void;
  /** The place of what runs now in its trace; null where none is kept. */
  traceparent(): string | null;
}

const noSpan: Span = { set: () => undefined };

export const noTelemetry: Telemetry = {
  span: (_, __, work) => work(noSpan),
  record: () => undefined,
  add: () => undefined,
  watch: () => undefined,
  traceparent: () => null,
};
