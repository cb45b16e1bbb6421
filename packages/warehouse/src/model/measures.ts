import { type Decimal, decimal, zero } from "@finops/kernel/decimal";
import type { FocusColumnId } from "@finops/focus/columns";
import type { ExactColumn } from "../tables/cost-columns.ts";

/** A condition on a row, in a form that every engine's dialect can write. */
export type RowCondition =
  | { column: FocusColumnId; is: string }
  | { column: FocusColumnId; isNot: string }
  | { column: FocusColumnId; known: boolean }
  | { any: readonly RowCondition[] };

/** One aggregate of the store: an exact sum, a count of rows or of different values, or a column's one value. */
export type Aggregate =
  | { sum: ExactColumn; where?: readonly RowCondition[] }
  | { count: "rows"; where?: readonly RowCondition[] }
  | { distinct: FocusColumnId; where?: readonly RowCondition[] }
  | { oneOf: FocusColumnId; where?: readonly RowCondition[] };

/** The values of a measure's parts. The text of `oneOf` is the column's one value, empty where no row has one; null for several values. */
export interface PartValues {
  decimal(part: string): Decimal | null;
  text(part: string): string | null;
}

export interface Measure {
  label: string;
  unit: "money" | "percent" | "quantity" | "count";
  about: string;
  parts: Readonly<Record<string, Aggregate>>;
  /** The figure, or the reason why it cannot be computed. */
  compute(values: PartValues): Decimal | { missing: string };
  /** Quantities of different units cannot be added: the unit's column joins the groups. */
  unitColumn?: FocusColumnId;
  /** Sums of groups are the sum of the whole: running totals, shares and `(other)` make sense. */
  additive: boolean;
}

const usage: RowCondition = { column: "ChargeCategory", is: "Usage" };
const priced: RowCondition = { column: "ListCost", known: true };
const notUnused: RowCondition = { column: "CommitmentDiscountStatus", isNot: "Unused" };
const used: RowCondition = { column: "CommitmentDiscountStatus", is: "Used" };
const unused: RowCondition = { column: "CommitmentDiscountStatus", is: "Unused" };
const contractKnown: RowCondition = { column: "ContractedCost", known: true };

function sumOf(column: ExactColumn, label: string, about: string): Measure {
  return {
    label,
    unit: "money",
    about,
    parts: { sum: { sum: column } },
    compute: (v) => v.decimal("sum") ?? { missing: `No row states ${label.toLowerCase()}.` },
    additive: true,
  };
}

function difference(label: string, about: string, from: Aggregate, less: Aggregate, missing: string): Measure {
  return {
    label,
    unit: "money",
    about,
    parts: { from, less },
    compute: (v) => {
      const [a, b] = [v.decimal("from"), v.decimal("less")];
      return a === null || b === null ? { missing } : a.minus(b);
    },
    additive: true,
  };
}

/** A sum of quantities, where they are all of one unit. */
function quantity(column: ExactColumn, unitColumn: FocusColumnId, label: string, about: string): Measure {
  return {
    label,
    unit: "quantity",
    about,
    parts: { sum: { sum: column }, unit: { oneOf: unitColumn, where: [{ column, known: true }] } },
    compute: (v) => {
      const sum = v.decimal("sum");
      if (sum === null) return { missing: `No row states ${label.toLowerCase()}.` };
      return v.text("unit") === null ? { missing: "Quantities of several units cannot be added." } : sum;
    },
    unitColumn,
    additive: true,
  };
}

/** Precision of a ratio: enough to print any percentage, and the same on every engine since it is divided in code. */
function ratio(numerator: Decimal | null, denominator: Decimal | null, missing: string): Decimal | { missing: string } {
  if (denominator === null || denominator.isZero()) return { missing };
  return (numerator ?? zero).dividedBy(denominator).toDecimalPlaces(12);
}

/** Every measure with its exact definition (docs: DEFINITIONS of the FinOps Framework and FOCUS). */
export const measures = {
  billedCost: sumOf(
    "BilledCost",
    "Billed cost",
    "What is invoiced: after reduced rates, not amortised. Its sum per invoice is the payable amount.",
  ),
  effectiveCost: sumOf(
    "EffectiveCost",
    "Effective cost",
    "Cost after all discounts, commitments spread over what they cover.",
  ),
  listCost: sumOf(
    "ListCost",
    "List cost",
    "What the usage would cost at public on-demand prices. Rows without a list price are left out.",
  ),
  contractedCost: sumOf(
    "ContractedCost",
    "Contracted cost",
    "Cost at negotiated prices, before commitments. Rows without a contracted price are left out.",
  ),
  negotiatedSavings: difference(
    "Negotiated savings",
    "List cost less contracted cost, of rows that state both.",
    { sum: "ListCost", where: [priced, contractKnown] },
    { sum: "ContractedCost", where: [priced, contractKnown] },
    "No row states both a list and a contracted cost.",
  ),
  commitmentSavings: difference(
    "Commitment savings",
    "Contracted cost less effective cost, of rows that state a contracted cost.",
    { sum: "ContractedCost", where: [contractKnown] },
    { sum: "EffectiveCost", where: [contractKnown] },
    "No row states a contracted cost.",
  ),
  totalSavings: difference(
    "Total savings",
    "List cost less effective cost, of rows that state a list cost.",
    { sum: "ListCost", where: [priced] },
    { sum: "EffectiveCost", where: [priced] },
    "No row states a list cost.",
  ),
  onDemandEquivalent: {
    ...sumOf("ListCost", "On-demand equivalent", "List cost of usage, without the unused part of commitments."),
    parts: { sum: { sum: "ListCost", where: [usage, notUnused] } },
  },
  effectiveSavingsRate: {
    label: "Effective savings rate",
    unit: "percent",
    about:
      "1 - effective cost of usage / on-demand equivalent. Usage without a list price is left out of both; unused commitment stays in. Can be negative.",
    parts: {
      spend: { sum: "EffectiveCost", where: [usage, { any: [priced, unused] }] },
      list: { sum: "ListCost", where: [usage, notUnused] },
    },
    compute: (v) => {
      const rate = ratio(v.decimal("spend"), v.decimal("list"), "No usage here has a list price.");
      return "missing" in rate ? rate : decimal(1).minus(rate);
    },
    additive: false,
  },
  notPricedCost: {
    ...sumOf(
      "EffectiveCost",
      "Not priced",
      "Effective cost of usage that states no list price, unused commitment aside.",
    ),
    parts: { sum: { sum: "EffectiveCost", where: [usage, notUnused, { column: "ListCost", known: false }] } },
    compute: (v) => v.decimal("sum") ?? zero,
  },
  unusedCommitmentCost: {
    ...sumOf("EffectiveCost", "Unused commitment", "Effective cost of what commitments paid for and nobody used."),
    parts: { sum: { sum: "EffectiveCost", where: [usage, unused] } },
    compute: (v) => v.decimal("sum") ?? zero,
  },
  commitmentUtilization: {
    label: "Commitment utilization",
    unit: "percent",
    about:
      "Used / (used + unused) of commitments, by their own quantity where all rows state it in one unit, else by effective cost.",
    parts: {
      usedQuantity: { sum: "CommitmentDiscountQuantity", where: [usage, used] },
      unusedQuantity: { sum: "CommitmentDiscountQuantity", where: [usage, unused] },
      withoutQuantity: {
        count: "rows",
        where: [usage, { any: [used, unused] }, { column: "CommitmentDiscountQuantity", known: false }],
      },
      unit: { oneOf: "CommitmentDiscountUnit", where: [usage, { any: [used, unused] }] },
      usedCost: { sum: "EffectiveCost", where: [usage, used] },
      unusedCost: { sum: "EffectiveCost", where: [usage, unused] },
    },
    compute: (v) => {
      const byQuantity = Boolean(v.text("unit")) && (v.decimal("withoutQuantity") ?? zero).isZero();
      const [usedPart, unusedPart] = byQuantity
        ? [v.decimal("usedQuantity"), v.decimal("unusedQuantity")]
        : [v.decimal("usedCost"), v.decimal("unusedCost")];
      return ratio(usedPart, (usedPart ?? zero).plus(unusedPart ?? zero), "No commitment covers anything here.");
    },
    additive: false,
  },
  commitmentCoverage: {
    label: "Commitment coverage",
    unit: "percent",
    about: "List cost of covered usage / list cost of all eligible usage. Spot usage is not eligible.",
    parts: {
      covered: { sum: "ListCost", where: [usage, used] },
      eligible: {
        sum: "ListCost",
        where: [
          usage,
          notUnused,
          {
            any: [{ column: "PricingCategory", is: "Standard" }, { column: "PricingCategory", is: "Committed" }, used],
          },
        ],
      },
    },
    compute: (v) => ratio(v.decimal("covered"), v.decimal("eligible"), "No eligible usage here has a list price."),
    additive: false,
  },
  consumedQuantity: quantity(
    "ConsumedQuantity",
    "ConsumedUnit",
    "Consumed quantity",
    "How much was used, in the consumed unit.",
  ),
  pricingQuantity: quantity(
    "PricingQuantity",
    "PricingUnit",
    "Pricing quantity",
    "How much was priced, in the pricing unit.",
  ),
  rowCount: {
    label: "Rows",
    unit: "count",
    about: "Number of charge rows.",
    parts: { n: { count: "rows" } },
    compute: (v) => v.decimal("n") ?? zero,
    additive: true,
  },
  resourceCount: {
    label: "Resources",
    unit: "count",
    about: "Number of different resources.",
    parts: { n: { distinct: "ResourceId" } },
    compute: (v) => v.decimal("n") ?? zero,
    additive: false,
  },
} as const satisfies Record<string, Measure>;

export type MeasureId = keyof typeof measures;
export const measureIds = Object.keys(measures) as [MeasureId, ...MeasureId[]];

export function findMeasure(name: string): MeasureId | null {
  const plain = name.toLowerCase().replaceAll("_", "");
  return measureIds.find((id) => id.toLowerCase() === plain || id.toLowerCase() === `${plain}cost`) ?? null;
}
