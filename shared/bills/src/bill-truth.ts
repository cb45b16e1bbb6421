import type { Day } from "@finops/kernel/period";

export type BillKind = "aws-cur2" | "aws-cur-legacy" | "azure" | "gcp" | "focus-1.2";

/** Exact decimal text per currency, such as `{ USD: "12.5" }`. */
export type CostByCurrency = Record<string, string>;

/**
 * The four FOCUS cost columns of a set of rows.
 * billed: what the provider charges. effective: commitments spread over use; equal to billed for GCP, whose bills do not amortise.
 * list: public price of usage rows only (AWS public on-demand cost without negations, Azure PayGPrice x Quantity,
 * GCP cost_at_list of regular rows without commitment fees, FOCUS ListCost of Usage rows); null where the format has none.
 * contracted: only for Azure (UnitPrice x Quantity of usage rows) and FOCUS, else null.
 */
export interface CostColumns {
  billed: CostByCurrency;
  effective: CostByCurrency;
  list: CostByCurrency | null;
  contracted: CostByCurrency | null;
}

/** One delivered month of one format: a folder that is imported as a whole. */
export interface DeliveryTruth extends CostColumns {
  id: string;
  kind: BillKind;
  provider: string;
  month: string;
  /** Relative to the output folder. */
  folder: string;
  files: string[];
  /** Data rows as they stand in the files, Azure's two files both counted. */
  rows: number;
  /** The delivery that takes the place of this one, if the month was restated. */
  supersededBy: string | null;
  /** Sums of the columns as delivered, by their native name, such as `line_item_unblended_cost`. */
  raw: Record<string, CostByCurrency>;
}

export interface TruthCell extends CostColumns {
  delivery: string;
  accountId: string;
  /** Native: AWS product code, Azure meter category, GCP service description, FOCUS ServiceName. */
  service: string;
  rows: number;
}

export type TagState = "correct" | "missing" | "misspelled" | "untaggable";

export interface TagTruth {
  delivery: string;
  state: TagState;
  billed: CostByCurrency;
  effective: CostByCurrency;
}

export type EventKind = "spike" | "drift" | "shift" | "drop" | "new-service" | "weekend-switch-on";

export interface PlantedEvent {
  id: string;
  kind: EventKind;
  billKind: BillKind;
  accountId: string;
  accountName: string;
  service: string;
  sku: string;
  resourceId: string;
  firstDay: Day;
  lastDay: Day;
  /** Billed cost beyond what the same rows would have cost without the event, to the cent; negative for a drop. */
  amount: CostByCurrency;
  note: string;
}

export interface Restatement {
  billKind: BillKind;
  month: string;
  first: string;
  restated: string;
  /** Billed of the restated delivery minus billed of the first, by account and service where it is not 0. */
  changes: { accountId: string; service: string; billed: CostByCurrency }[];
}

export interface IdleResource {
  billKind: BillKind;
  kind: string;
  resourceId: string;
  accountId: string;
  accountName: string;
  service: string;
  /** Billed cost over all months. */
  billed: CostByCurrency;
}

export interface CommitmentMonth {
  delivery: string;
  /** Amortised fee of the month: always used + unused. */
  fee: string;
  used: string;
  unused: string;
  /** What purchase rows of this month bill: recurring fees and upfront payments. */
  billed: string;
}

export interface CommitmentTruth {
  id: string;
  name: string;
  billKind: BillKind;
  type: "reservation" | "savings-plan" | "committed-use";
  payment: "no-upfront" | "partial-upfront" | "all-upfront";
  accountId: string;
  currency: string;
  firstDay: Day;
  lastDay: Day;
  months: CommitmentMonth[];
}

/** Split cost allocation of shared clusters: what the nodes cost and what the pods were given; equal by construction. */
export interface SharedClusterTruth {
  delivery: string;
  cluster: string;
  accountId: string;
  nodeCost: string;
  splitCost: string;
  unusedCost: string;
}

/** What is true of the generated bills, written as truth.json beside them. */
export interface BillTruth {
  company: string;
  seed: string;
  period: { start: Day; end: Day };
  rows: number;
  accounts: { id: string; name: string; provider: string; kind: BillKind; team: string; environment: string }[];
  services: { provider: string; service: string }[];
  deliveries: DeliveryTruth[];
  cells: TruthCell[];
  tags: TagTruth[];
  events: PlantedEvent[];
  restatements: Restatement[];
  idleResources: IdleResource[];
  commitments: CommitmentTruth[];
  sharedClusters: SharedClusterTruth[];
}
