import type { BillKind, TagState } from "../bill-truth.ts";
import type { Account } from "./company.ts";
import type { MachineSize, Sku } from "./sku.ts";
import type { Tags } from "./tags.ts";
import type { UsagePattern } from "./usage-patterns.ts";

/** One resource on one meter: what makes a line of the bill on each of its days. */
export interface Stream {
  id: number;
  kind: BillKind;
  account: Account;
  sku: Sku;
  size: MachineSize | null;
  /** SKU name with the size filled in. */
  meter: string;
  region: string;
  zone: string;
  resourceId: string;
  resourceName: string;
  app: string;
  tags: Tags;
  tagState: TagState;
  /** Half-open range of day indexes in which the resource exists. */
  startDay: number;
  endDay: number;
  /** Lines per billed day: 1 is a daily line, 24 are hourly ones, between them a job of so many hours a night. */
  slots: number;
  /** Billed every so many days. */
  stride: number;
  phase: number;
  /** Units a day before patterns, growth and noise. */
  basePerDay: number;
  /** Machines cannot run for more than 24 hours a day. */
  capPerDay: number | null;
  growthPerMonth: number;
  pattern: UsagePattern;
  listPrice: string;
  /** List price less what was negotiated. */
  price: string;
  commitment: Commitment | null;
  /** Share of the fee that a unit takes, recurring and paid upfront, as decimal text with 4 places. */
  commitmentRate: { recurring: string; upfront: string } | null;
  /** Savings plans may take it; decided early, because covered AWS lines come with a negation line. */
  planCandidate: boolean;
  /** A Kubernetes node whose cost is split over pods. */
  clusterNode: boolean;
  /** Part of a planted event or an idle resource: always billed daily. */
  planted: boolean;
  idleKind: string | null;
}

export interface Commitment {
  index: number;
  id: string;
  name: string;
  kind: BillKind;
  type: "reservation" | "savings-plan" | "committed-use";
  payment: "no-upfront" | "partial-upfront" | "all-upfront";
  termYears: 1 | 3;
  account: Account;
  /** The resource that it was bought for; the family for a plan. */
  model: Stream;
  /** Day indexes; before 0 when it was bought before the first bill. */
  startDay: number;
  endDay: number;
  /** Machines or cores of a reservation; 1 for a plan. */
  units: number;
  /** Fee per hour for all units, decimal text with 4 places. */
  recurringPerHour: string;
  upfrontPerHour: string;
}

/** Days in which the stream is billed, counted with the weight of each day. */
export function countLines(stream: Stream, dayWeights: readonly number[]): number {
  let days = 0;
  for (let day = stream.startDay; day < stream.endDay; day++) {
    if ((day + stream.phase) % stream.stride === 0) days += dayWeights[day]!;
  }
  return days * stream.slots * linesPerUse(stream);
}

/** How many lines one use makes in the files. */
export function linesPerUse(stream: Stream): number {
  if (stream.kind === "azure") return 2; // once in the actual file, once in the amortized file
  if (stream.clusterNode) return 1 + podsPerNode * 2;
  return 1;
}

/** Pods on each node of the shared cluster; each has a line for cores and one for memory. */
export const podsPerNode = 4;
