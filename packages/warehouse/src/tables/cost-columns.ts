import { type FocusColumnId, focusColumns } from "@finops/focus/columns";
import { exactNames, exactTypes } from "./exact-decimal.ts";

/** Decimals that are summed, and so stored in the exact layout. */
export const exactColumns = [
  "BilledCost",
  "EffectiveCost",
  "ListCost",
  "ContractedCost",
  "PricingQuantity",
  "ConsumedQuantity",
  "CommitmentDiscountQuantity",
] as const satisfies readonly FocusColumnId[];
export type ExactColumn = (typeof exactColumns)[number];

/**
 * What FOCUS does not have and a lake row needs: the file it came from (an index into the landing's files), the rule that
 * made or moved it, what the source said it cost, why it was refused, and the columns of the source that FOCUS has no place for.
 */
export const bookkeeping = {
  file: "x_finops_file",
  rule: "x_finops_rule",
  reason: "x_finops_reason",
  rawCost: "x_finops_raw_cost",
  extras: "x_finops_extras",
} as const;

/** How each column of the lake is stored. Unit prices are decimal text: exact, and never summed. */
export function lakeType(column: FocusColumnId): "exact" | "TIMESTAMP" | "VARCHAR" {
  if ((exactColumns as readonly string[]).includes(column)) return "exact";
  return focusColumns.find((known) => known.id === column)?.type === "datetime" ? "TIMESTAMP" : "VARCHAR";
}

/**
 * Columns that tell rows apart only coarsely. Their combinations stand once per period in `combos`, and a fact carries the
 * combination's number. Whatever rules may read (accounts, services, regions, categories, tags) is among them.
 */
export const comboColumns = focusColumns
  .map((column) => column.id)
  .filter((id) => lakeType(id) === "VARCHAR" && !factOnlyColumns().has(id));

/** Columns that dashboards group and filter by all day: the rollup by day is by these, so that it needs no join. */
export const hotColumns = [
  "ProviderName",
  "BillingAccountId",
  "SubAccountId",
  "ServiceCategory",
  "ServiceName",
  "RegionId",
  "ChargeCategory",
  "PricingCategory",
  "CommitmentDiscountStatus",
  "BillingCurrency",
] as const satisfies readonly FocusColumnId[];

/** Text that is nearly as various as the rows themselves: kept in the facts alone. */
export const factTextColumns = focusColumns.map((column) => column.id).filter((id) => factOnlyColumns().has(id));

function factOnlyColumns(): ReadonlySet<FocusColumnId> {
  return new Set<FocusColumnId>([
    "ResourceId",
    "ResourceName",
    "ChargeDescription",
    "ListUnitPrice",
    "ContractedUnitPrice",
    "PricingCurrencyListUnitPrice",
    "PricingCurrencyContractedUnitPrice",
    "PricingCurrencyEffectiveCost",
    "SkuPriceDetails",
    "AllocatedMethodDetails",
    "AllocatedResourceId",
    "AllocatedResourceName",
    "AllocatedTags",
    "ContractApplied",
    "CommitmentProgramEligibilityDetails",
    "InvoiceDetailId",
  ]);
}

/** The lake's columns with their types, in stored order: the schema of every Parquet file of costs. */
export function lakeColumns(): { name: string; type: string }[] {
  const columns: { name: string; type: string }[] = [];
  const addExact = (name: string) => {
    const names = exactNames(name);
    for (const part of ["main", "lo", "big"] as const)
      columns.push({ name: names[part].slice(1, -1), type: exactTypes[part] });
  };
  for (const column of focusColumns) {
    const type = lakeType(column.id);
    if (type === "exact") addExact(column.id);
    else columns.push({ name: column.id, type });
  }
  columns.push({ name: bookkeeping.file, type: "INTEGER" }, { name: bookkeeping.rule, type: "VARCHAR" });
  columns.push({ name: bookkeeping.reason, type: "VARCHAR" }, { name: bookkeeping.extras, type: "VARCHAR" });
  addExact(bookkeeping.rawCost);
  return columns;
}
