import { it } from "vitest";
import { runMapping } from "../testing/run-mapping.ts";
import { gcpBillingExport } from "./formats/gcp-billing-export/format.ts";
it("prints", async () => {
  for (const path of ["/tmp/gcp/d.jsonl", "/tmp/gcp/d.parquet", "/work/shared/data/bills/gcp-billing/gcp_2022-08-01_5.csv"]) {
    const rows = await runMapping(gcpBillingExport, [{ path }]);
    console.log(path, JSON.stringify(rows.slice(0, 4).map(r => Object.fromEntries(Object.entries(r).filter(([, v]) => v !== null))), null, 1));
  }
});
