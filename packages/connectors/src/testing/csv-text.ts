/** The rows as a CSV with the columns of all of them; a column that a row lacks is empty. */
export function csvText(rows: readonly Record<string, string>[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (values: readonly string[]) => values.map((value) => `"${value.replaceAll('"', '""')}"`).join(",");
  return [line(names), ...rows.map((row) => line(names.map((name) => row[name] ?? "")))].join("\n");
}

/** The columns without which no FOCUS row can be stored, with the values of an ordinary usage row. */
export const leastFocusRow = {
  BilledCost: "1.5",
  EffectiveCost: "1.5",
  BillingCurrency: "USD",
  ChargeCategory: "Usage",
  BillingPeriodStart: "2026-05-01T00:00:00Z",
  BillingPeriodEnd: "2026-06-01T00:00:00Z",
  ChargePeriodStart: "2026-05-02T00:00:00Z",
  ChargePeriodEnd: "2026-05-03T00:00:00Z",
};
