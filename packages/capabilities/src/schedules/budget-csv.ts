import { csvLine, neutralizeCell } from "@finops/kernel/csv";
import type { Budget, BudgetPreview } from "../budgets/contract.ts";

/** A budget's periods with every digit. */
export function budgetCsv({ currency }: Pick<Budget, "currency">, { periods }: Pick<BudgetPreview, "periods">): string {
  return [
    ["periodStart", "periodEnd", "currency", "base", "carriedIn", "limit", "spent"],
    ...periods.map(({ period, base, carriedIn, limit, spent }) => [
      period.start,
      period.end,
      currency,
      base,
      carriedIn,
      limit,
      spent,
    ]),
  ]
    .map(safeLine)
    .join("");
}

/** As exports do: a text that a sheet would run gets an apostrophe in front. */
function safeLine(cells: readonly (string | null)[]): string {
  return csvLine(cells.map((cell) => (cell === null ? null : neutralizeCell(cell))));
}
