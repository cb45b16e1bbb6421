import { focusColumns } from "@finops/focus/columns";
import { exactColumns } from "@finops/warehouse/tables/cost-columns";
import { exactNames, exactValue } from "@finops/warehouse/tables/exact-decimal";
import type { RestatedGroup } from "../import-report.ts";
import type { TaskTools } from "./engine-tasks.ts";
import { parquetFiles } from "./parquet-files.ts";
import { withEngine } from "./with-engine.ts";

export interface CompareInput {
  /** Parquet files of the earlier and of the later version. */
  before: readonly string[];
  after: readonly string[];
}

const groupsMax = 10_000;

/**
 * Compares two versions of a period charge by charge: a charge is what has the same columns, whatever it costs. Of charges
 * that stand several times, the surplus counts as added or removed. At most 10,000 groups, those that moved most first.
 */
export function compareVersions({ before, after }: CompareInput, tools: TaskTools): Promise<RestatedGroup[]> {
  const identity = focusColumns
    .map((column) => column.id)
    .filter(
      (id) =>
        !(exactColumns as readonly string[]).includes(id) && !/Unit(Price)?$|EffectiveCost$|^SkuPriceDetails$/.test(id),
    );
  const sums = (["BilledCost", "EffectiveCost"] as const).flatMap((column) =>
    Object.values(exactNames(column)).map((name) => ({ name, plain: name.slice(1, -1) })),
  );
  // A hash of 64 bits: among 10 million charges two share one by chance in one comparison of 400,000.
  const side = (
    paths: readonly string[],
  ) => `SELECT "ServiceName" AS service, coalesce("SubAccountId", "BillingAccountId") AS account, "BillingCurrency" AS currency, hash(${identity.map((id) => `"${id}"`).join(", ")}) AS charge, count(*) AS n, ${sums.map(({ name }) => `sum(${name}) AS ${name}`).join(", ")}
    FROM ${parquetFiles(paths)} GROUP BY ALL`;
  const total = (prefix: string) =>
    sums.map(({ name, plain }) => `sum(${prefix}.${name}) AS "${prefix}_${plain}"`).join(", ");
  const costs = sums.map(({ name }) => `a.${name} IS DISTINCT FROM b.${name}`).join(" OR ");
  return withEngine(tools, async (engine) => {
    const rows =
      await engine.rows(`SELECT coalesce(a.service, b.service) AS service, coalesce(a.account, b.account) AS account, coalesce(a.currency, b.currency) AS currency,
      sum(greatest(coalesce(a.n, 0) - coalesce(b.n, 0), 0)) AS added, sum(greatest(coalesce(b.n, 0) - coalesce(a.n, 0), 0)) AS removed, coalesce(sum(a.n) FILTER (WHERE a.n = b.n AND (${costs})), 0) AS changed, ${total("a")}, ${total("b")}
      FROM (${side(after)}) AS a FULL JOIN (${side(before)}) AS b ON a.charge = b.charge AND a.service IS NOT DISTINCT FROM b.service AND a.account IS NOT DISTINCT FROM b.account AND a.currency = b.currency
      GROUP BY ALL HAVING added > 0 OR removed > 0 OR changed > 0
      ORDER BY abs(coalesce("a_BilledCost", 0) + coalesce("a_BilledCost_big", 0) - coalesce("b_BilledCost", 0) - coalesce("b_BilledCost_big", 0)) DESC, service, account LIMIT ${groupsMax}`);
    const value = (row: Record<string, string | null>, side: string, column: string) =>
      (
        exactValue(
          row[`${side}_${column}`] ?? null,
          row[`${side}_${column}_lo`] ?? null,
          row[`${side}_${column}_big`] ?? null,
        ) ?? 0
      ).toString();
    return rows.map((row) => ({
      serviceName: row.service ?? null,
      account: row.account ?? null,
      currency: row.currency ?? "",
      rowsAdded: Number(row.added),
      rowsRemoved: Number(row.removed),
      rowsChanged: Number(row.changed),
      billedBefore: value(row, "b", "BilledCost"),
      billedAfter: value(row, "a", "BilledCost"),
      effectiveBefore: value(row, "b", "EffectiveCost"),
      effectiveAfter: value(row, "a", "EffectiveCost"),
    }));
  });
}
