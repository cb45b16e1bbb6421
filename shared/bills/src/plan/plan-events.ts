import type { BillKind, EventKind } from "../bill-truth.ts";
import type { Calendar } from "./calendar.ts";
import { accounts } from "./company.ts";
import { type StreamOrder, catalogues, plantStream } from "./plan-streams.ts";
import type { Stream } from "./stream.ts";

interface EventPlan {
  kind: EventKind;
  service: string;
  /** Part of the SKU's name. */
  sku: string;
  account: string;
  /** Months before the last one, and day of that month. */
  monthsBack: number;
  day: number;
  /** 0 runs to the end of the bills. */
  days: number;
  /** Money: a day for spikes, shifts, switch-ons and new services; at the end of the drift for drifts; share left for drops. */
  size: number;
  note: string;
}

const eventPlans: Partial<Record<BillKind, readonly EventPlan[]>> = {
  "aws-cur2": [
    {
      kind: "spike",
      service: "AmazonEC2",
      sku: "DataTransfer-Out",
      account: "storefront-prod",
      monthsBack: 3,
      day: 12,
      days: 1,
      size: 3400,
      note: "A mirror job copied the image store to another provider.",
    },
    {
      kind: "spike",
      service: "AmazonCloudWatch",
      sku: "DataProcessing",
      account: "fulfilment-prod",
      monthsBack: 6,
      day: 17,
      days: 3,
      size: 1250,
      note: "Debug logging was left on after a release.",
    },
    {
      kind: "drift",
      service: "AmazonS3",
      sku: "TimedStorage-ByteHrs",
      account: "data-platform-prod",
      monthsBack: 5,
      day: 3,
      days: 0,
      size: 260,
      note: "Raw events are kept without a lifecycle rule.",
    },
    {
      kind: "shift",
      service: "AmazonDynamoDB",
      sku: "WriteRequest",
      account: "checkout-prod",
      monthsBack: 2,
      day: 9,
      days: 0,
      size: 190,
      note: "A new cart version writes every click.",
    },
    {
      kind: "new-service",
      service: "AmazonKendra",
      sku: "Kendra",
      account: "search-prod",
      monthsBack: 1,
      day: 6,
      days: 0,
      size: 140,
      note: "A trial of a search service that nobody announced.",
    },
    {
      kind: "weekend-switch-on",
      service: "AmazonSageMaker",
      sku: "Train",
      account: "ml-research-dev",
      monthsBack: 4,
      day: 2,
      days: 0,
      size: 480,
      note: "Training runs were moved to weekends and not moved back.",
    },
    {
      kind: "spike",
      service: "AmazonEC2",
      sku: "NatGateway-Bytes",
      account: "network-shared",
      monthsBack: 0,
      day: 14,
      days: 2,
      size: 1100,
      note: "A backup went through the NAT gateway instead of the endpoint.",
    },
  ],
  "aws-cur-legacy": [
    {
      kind: "spike",
      service: "AmazonAthena",
      sku: "DataScanned",
      account: "tern-reports-prod",
      monthsBack: 2,
      day: 21,
      days: 1,
      size: 980,
      note: "A query without a partition filter in a loop.",
    },
    {
      kind: "drop",
      service: "AmazonKinesis",
      sku: "ShardHour",
      account: "tern-ingest-prod",
      monthsBack: 1,
      day: 10,
      days: 0,
      size: 0.2,
      note: "Streams were merged after the migration.",
    },
  ],
  azure: [
    {
      kind: "spike",
      service: "Azure OpenAI",
      sku: "Output",
      account: "customer-care-prod",
      monthsBack: 1,
      day: 19,
      days: 2,
      size: 1500,
      note: "An agent called itself in a loop.",
    },
    {
      kind: "drift",
      service: "Log Analytics",
      sku: "Ingestion",
      account: "corp-erp-prod",
      monthsBack: 4,
      day: 5,
      days: 0,
      size: 140,
      note: "Verbose audit logs spread from server to server.",
    },
  ],
  gcp: [
    {
      kind: "spike",
      service: "BigQuery",
      sku: "Analysis",
      account: "harborline-ads-analytics-prod",
      monthsBack: 0,
      day: 20,
      days: 1,
      size: 2600,
      note: "A dashboard refreshed a full-table scan every minute.",
    },
    {
      kind: "new-service",
      service: "Cloud Spanner",
      sku: "Server Node",
      account: "harborline-mobile-prod",
      monthsBack: 2,
      day: 15,
      days: 0,
      size: 130,
      note: "Sessions moved to a new database.",
    },
  ],
  "focus-1.2": [
    {
      kind: "shift",
      service: "Quillmind Inference",
      sku: "output",
      account: "assistant-prod",
      monthsBack: 3,
      day: 8,
      days: 0,
      size: 120,
      note: "The assistant was switched to the larger model.",
    },
  ],
};

/** Change of a stream's use on one day. */
export interface DayFactor {
  streamId: number;
  dayIndex: number;
  factor: number;
  /** Part of that day's cost that the event made: 1 for a new service, negative for a drop. */
  extraShare: number;
  event: number;
}

export interface PlannedEvent {
  index: number;
  kind: EventKind;
  stream: Stream;
  firstDay: number;
  /** Half open. */
  endDay: number;
  note: string;
}

/** Plants the events of a format; adds the streams that they need. */
export function planEvents(
  order: StreamOrder,
  streams: Stream[],
  firstIndex: number,
): { events: PlannedEvent[]; factors: DayFactor[] } {
  const events: PlannedEvent[] = [];
  const factors: DayFactor[] = [];
  for (const plan of eventPlans[order.kind] ?? []) {
    const month = order.calendar.months.at(-1 - plan.monthsBack);
    if (!month || month.fromIndex + plan.day > month.toIndex) continue;
    const firstDay = month.fromIndex + plan.day - 1;
    const endDay =
      plan.days === 0 ? order.calendar.days.length : Math.min(order.calendar.days.length, firstDay + plan.days);
    const stream = streamFor(order, plan, streams, firstDay);
    const event: PlannedEvent = {
      index: firstIndex + events.length,
      kind: plan.kind,
      stream,
      firstDay,
      endDay,
      note: plan.note,
    };
    events.push(event);
    factors.push(...factorsOf(order.calendar, plan, event));
  }
  return { events, factors };
}

function streamFor(order: StreamOrder, plan: EventPlan, streams: Stream[], firstDay: number): Stream {
  const account = accounts.find((candidate) => candidate.kind === order.kind && candidate.name === plan.account)!;
  const sku = catalogues[order.kind].skus.find(
    (candidate) => candidate.service === plan.service && candidate.name.includes(plan.sku),
  )!;
  // A steady day before the event costs a seventh of it, a drop starts from enough to be seen.
  const steady = plan.kind === "drop" ? 3600 : plan.kind === "drift" ? plan.size * 6 : (plan.size / 7) * 30.4;
  const stream = plantStream(order, sku, account, plan.kind === "new-service" ? plan.size * 30.4 : steady);
  if (plan.kind === "new-service") stream.startDay = firstDay;
  streams.push(stream);
  return stream;
}

function factorsOf(calendar: Calendar, plan: EventPlan, event: PlannedEvent): DayFactor[] {
  const perDay = event.stream.basePerDay * Number(event.stream.price);
  return calendar.days.slice(event.firstDay, event.endDay).flatMap((day): DayFactor[] => {
    const at = { streamId: event.stream.id, dayIndex: day.index, event: event.index };
    if (plan.kind === "new-service") return [{ ...at, factor: 1, extraShare: 1 }];
    if (plan.kind === "weekend-switch-on" && day.weekday !== 0 && day.weekday !== 6) return [];
    const grown = plan.kind === "drift" ? Math.min(1, (day.index - event.firstDay + 1) / 60) : 1;
    const factor = plan.kind === "drop" ? plan.size : 1 + (grown * plan.size) / perDay;
    return [{ ...at, factor, extraShare: 1 - 1 / factor }];
  });
}
