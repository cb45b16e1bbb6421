// `pnpm smoke:clickhouse URL [--cluster NAME] [--policies-configured]`: publishes the bills of the query specs to a ClickHouse
// that runs, asks every spec and compares to the last digit. What it published is removed at the end.
import { isDeepStrictEqual, parseArgs } from "node:util";
import { newId } from "../shared/kernel/src/id.ts";
import { removeCompanyRows } from "../packages/warehouse/src/engines/clickhouse/load-period.ts";
import type { PinnedStore } from "../packages/warehouse/src/query/cost-store.ts";
import { querySpecs } from "../packages/warehouse/src/query/specs/query-specs.ts";
import { openClickHouseWarehouse } from "../packages/warehouse/src/testing/clickhouse-warehouse.ts";
import { runSpec, showRows } from "../packages/warehouse/src/testing/run-spec.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { cluster: { type: "string" }, "policies-configured": { type: "boolean", default: false } },
});
const [url] = positionals;
if (url === undefined) {
  console.error("Say where ClickHouse is, such as http://finops:finops@localhost:8123/finops.");
  process.exit(2);
}

const warehouse = await openClickHouseWarehouse({
  url,
  rowPolicies: !values["policies-configured"],
  ...(values.cluster === undefined ? {} : { cluster: values.cluster }),
});
const companies = new Map<unknown, { tenantId: string; pinned: PinnedStore }>();
let failed = 0;
try {
  for (const spec of querySpecs) {
    const company = companies.get(spec.bill) ?? (await publish(spec.bill));
    const answer = await runSpec(warehouse.store, company.tenantId, company.pinned, spec);
    const rows = spec.rows === undefined || isDeepStrictEqual(showRows(answer.rows, spec.rows), spec.rows);
    const counted = answer.totals.reduce((sum, total) => sum + Number(total.values.rowCount?.value ?? 0), 0);
    if (rows && (spec.keptRows === undefined || counted === spec.keptRows)) continue;
    failed += 1;
    console.error(`${spec.name}\n  ${JSON.stringify(showRows(answer.rows, spec.rows ?? []))}`);
  }
} finally {
  for (const { tenantId } of companies.values()) await removeCompanyRows(warehouse.connection, tenantId);
  await warehouse.close();
}
console.log(`${querySpecs.length - failed} of ${querySpecs.length} specs are answered to the last digit.`);
process.exitCode = failed === 0 ? 0 : 1;

async function publish(bill: (typeof querySpecs)[number]["bill"]): Promise<{ tenantId: string; pinned: PinnedStore }> {
  const tenantId = newId();
  const company = { tenantId, pinned: await warehouse.publish(tenantId, bill) };
  companies.set(bill, company);
  return company;
}
