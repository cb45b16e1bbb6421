import { expect, it } from "vitest";
import { planOciDeliveries } from "./delivery.ts";

const plan = (...paths: string[]) =>
  planOciDeliveries(
    paths.map((path) => ({ path, bytes: 1 })),
    async () => "",
  );

it("takes all cost reports of a folder as parts of one delivery, and leaves usage reports and FOCUS reports out", async () => {
  const deliveries = await plan(
    "acme/reports/cost-csv/0001000000603505-00001.csv.gz",
    "acme/reports/cost-csv/0001000000603504.csv.gz",
    "acme/reports/usage-csv/0001000000603504.csv.gz",
    "acme/FOCUS Reports/2026/05/24/0001000000603504-00001.csv.gz",
  );
  expect(deliveries).toEqual([
    {
      label: "Oracle cost reports in acme/reports/cost-csv (2 files)",
      files: [
        { path: "acme/reports/cost-csv/0001000000603504.csv.gz" },
        { path: "acme/reports/cost-csv/0001000000603505-00001.csv.gz" },
      ],
      ignored: [
        { path: "acme/reports/usage-csv/0001000000603504.csv.gz", because: expect.stringContaining("no costs") },
      ],
      missing: [],
    },
  ]);
});

it("names a part of a split report that is missing", async () => {
  const [delivery] = await plan("cost-csv/0001000000603504-00001.csv.gz", "cost-csv/0001000000603504-00003.csv.gz");
  expect(delivery?.missing).toEqual(["cost-csv/0001000000603504-00002.csv.gz"]);
});

it("claims nothing outside cost-csv", async () => {
  expect(await plan("0001000000603504.csv.gz", "cost-csv/readme.csv", "oci_cost_report.csv")).toEqual([]);
});
