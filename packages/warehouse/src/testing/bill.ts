import { focusColumns } from "@finops/focus/columns";
import { addDays, addMonths, monthOf } from "@finops/kernel/period";
import { bookkeeping } from "../tables/cost-columns.ts";
import { table, type TextTableRow } from "./text-table.ts";

/** Rows of the lake by FOCUS column, decimals as text. */
export type LakeRow = Record<string, string | null>;

/**
 * A bill as a test shows it. Columns: FOCUS names in any case, the short words below, `day` or `at` (an instant), `cost`
 * (billed and effective), `tag:KEY` and `x_…`. What is left out is a plain usage row of a day in dollars.
 */
export function bill(strings: TemplateStringsArray, ...values: readonly unknown[]): LakeRow[] {
  return table(strings, ...values).map(toLakeRow);
}

/** The same from values that no table can show, such as quotes and spaces. */
export function toLakeRow(cells: TextTableRow): LakeRow {
  const at = cells.at ?? `${cells.day ?? "2026-01-01"}T00:00:00Z`;
  const day = at.slice(0, 10);
  const period = cells.period === undefined || cells.period === null ? monthOf(day).start : `${cells.period}-01`;
  const row: LakeRow = {
    ChargePeriodStart: at,
    ChargePeriodEnd:
      cells.at === undefined ? `${addDays(day, 1)}T00:00:00Z` : new Date(Date.parse(at) + 3_600_000).toISOString(),
    BillingPeriodStart: `${period}T00:00:00Z`,
    BillingPeriodEnd: `${addMonths(period, 1)}T00:00:00Z`,
    BillingCurrency: "USD",
    ChargeCategory: "Usage",
    [bookkeeping.file]: "0",
  };
  const [tags, extras] = [new Map<string, string | null>(), new Map<string, string | null>()];
  for (const [name, value] of Object.entries(cells)) {
    if (["day", "at", "period"].includes(name)) continue;
    if (name === "cost") Object.assign(row, { BilledCost: value, EffectiveCost: value });
    else if (name === "file") row[bookkeeping.file] = value;
    else if (name.startsWith("tag:")) tags.set(name.slice(4), value);
    else if (name.startsWith("x_")) extras.set(name, value);
    else row[columnOf(name)] = value;
  }
  if (tags.size > 0) row.Tags = JSON.stringify(Object.fromEntries([...tags].filter(([, value]) => value !== null)));
  if (extras.size > 0)
    row[bookkeeping.extras] = JSON.stringify(Object.fromEntries([...extras].filter(([, value]) => value !== null)));
  return row;
}

const shortWords: Record<string, string> = {
  service: "ServiceName",
  account: "SubAccountId",
  provider: "ProviderName",
  region: "RegionId",
  category: "ChargeCategory",
  resource: "ResourceId",
  currency: "BillingCurrency",
  billed: "BilledCost",
  effective: "EffectiveCost",
  list: "ListCost",
  contracted: "ContractedCost",
  commitment: "CommitmentDiscountStatus",
};

function columnOf(name: string): string {
  const id = shortWords[name] ?? focusColumns.find((column) => column.id.toLowerCase() === name.toLowerCase())?.id;
  if (id === undefined) throw new Error(`A bill has no column "${name}".`);
  return id;
}
