import { expect, it } from "vitest";
import { planGcpDeliveries } from "./delivery.ts";

const plan = (...paths: string[]) =>
  planGcpDeliveries(
    paths.map((path) => ({ path, bytes: 1 })),
    async () => "",
  );

it("takes the shards of a BigQuery export as one delivery", async () => {
  const [delivery, ...others] = await plan(
    "out/billing-000000000001.jsonl",
    "out/billing-000000000000.jsonl",
    "out/readme.txt",
  );
  expect(others).toEqual([]);
  expect(delivery).toMatchObject({
    label: "BigQuery export out/billing-*.jsonl (2 files)",
    files: [{ path: "out/billing-000000000000.jsonl" }, { path: "out/billing-000000000001.jsonl" }],
    missing: [],
  });
});

it("joins repeated exports of one table, and keeps the tables of two accounts apart", async () => {
  const deliveries = await plan(
    "dt=2026-05-01/gcp_billing_export_v1_01AAAA-000000000000.parquet",
    "dt=2026-05-02/gcp_billing_export_v1_01AAAA-000000000000.parquet",
    "dt=2026-05-02/gcp_billing_export_v1_01BBBB-000000000000.parquet",
  );
  expect(deliveries.map((delivery) => delivery.files.length)).toEqual([2, 1]);
});

it("names the shards that are missing before the last one", async () => {
  const [delivery] = await plan("b000000000000.csv.gz", "b000000000003.csv.gz");
  expect(delivery?.missing).toEqual(["b000000000001.csv.gz", "b000000000002.csv.gz"]);
});

it("claims no file that is not numbered as BigQuery numbers", async () => {
  expect(
    await plan("gcp_2022-08-01_5.csv", "cost-csv/0001000000603504-00001.csv.gz", "cur/data-00001.snappy.parquet"),
  ).toEqual([]);
});
