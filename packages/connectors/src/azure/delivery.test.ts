import { describe, expect, it } from "vitest";
import { planAzureDeliveries } from "./delivery.ts";

const subscription = "/subscriptions/1caaa5a3-2b66-438e-8ab4-bce37d518c5d";

function manifest(type: string, submittedTime: string, blobs: string[], scope = subscription): string {
  return JSON.stringify({
    manifestVersion: "2024-04-01",
    exportConfig: { exportName: "any", resourceId: `${scope}/providers/Microsoft.CostManagement/exports/any`, type },
    runInfo: { submittedTime, runId: "any" },
    blobs: blobs.map((blobName) => ({ blobName })),
  });
}

async function plan(tree: Record<string, string>) {
  const listed = Object.keys(tree).map((path) => ({ path, bytes: 1 }));
  const deliveries = await planAzureDeliveries(listed, async (path) => tree[path]!);
  return deliveries.map((delivery) => ({
    files: delivery.files.map((file) => `${file.role ?? "none"} ${file.path}`),
    ignored: delivery.ignored.map((file) => file.path).sort(),
    missing: delivery.missing,
  }));
}

describe("deliveries of Azure", () => {
  it("takes the newest run of a period and leaves out the older one", async () => {
    const found = await plan({
      "daily/20240101-20240131/run-1/manifest.json": manifest("ActualCost", "2024-01-15T03:00:00Z", [
        "exports/daily/20240101-20240131/run-1/part_0_0001.csv",
      ]),
      "daily/20240101-20240131/run-1/part_0_0001.csv": "",
      "daily/20240101-20240131/run-2/manifest.json": manifest("ActualCost", "2024-01-16T03:00:00Z", [
        "exports/daily/20240101-20240131/run-2/part_0_0001.csv",
      ]),
      "daily/20240101-20240131/run-2/part_0_0001.csv": "",
    });
    expect(found).toEqual([
      {
        files: ["actual daily/20240101-20240131/run-2/part_0_0001.csv"],
        ignored: [
          "daily/20240101-20240131/run-1/manifest.json",
          "daily/20240101-20240131/run-1/part_0_0001.csv",
          "daily/20240101-20240131/run-2/manifest.json",
        ],
        missing: [],
      },
    ]);
  });

  it("joins the actual and the amortized export of one scope and period", async () => {
    const found = await plan({
      "a/20240101-20240131/r1/manifest.json": manifest("ActualCost", "2024-02-01T03:00:00Z", [
        "x/part_0_0001.parquet",
        "x/part_1_0001.parquet",
      ]),
      "a/20240101-20240131/r1/part_0_0001.parquet": "",
      "a/20240101-20240131/r1/part_1_0001.parquet": "",
      "b/20240101-20240131/r2/manifest.json": manifest("AmortizedCost", "2024-02-01T03:00:00Z", [
        "x/part_0_0001.parquet",
      ]),
      "b/20240101-20240131/r2/part_0_0001.parquet": "",
      "b/20240201-20240229/r3/manifest.json": manifest("AmortizedCost", "2024-03-01T03:00:00Z", [
        "x/part_0_0001.parquet",
      ]),
      "b/20240201-20240229/r3/part_0_0001.parquet": "",
    });
    expect(found.map((delivery) => delivery.files)).toEqual([
      [
        "actual a/20240101-20240131/r1/part_0_0001.parquet",
        "actual a/20240101-20240131/r1/part_1_0001.parquet",
        "amortized b/20240101-20240131/r2/part_0_0001.parquet",
      ],
      ["amortized b/20240201-20240229/r3/part_0_0001.parquet"],
    ]);
  });

  it("names the parts that the manifest has and the folder lacks", async () => {
    const found = await plan({
      "a/20240101-20240131/r1/manifest.json": manifest("ActualCost", "2024-02-01T03:00:00Z", [
        "x/part_0_0001.csv",
        "x/part_1_0001.csv",
      ]),
      "a/20240101-20240131/r1/part_0_0001.csv": "",
    });
    expect(found[0]).toMatchObject({
      files: ["actual a/20240101-20240131/r1/part_0_0001.csv"],
      missing: ["x/part_1_0001.csv"],
    });
  });

  it("keeps exports of different scopes apart and drops a second export of the same charges", async () => {
    const found = await plan({
      "a/20240101-20240131/r1/manifest.json": manifest("ActualCost", "2024-02-01T03:00:00Z", ["x/part_0_0001.csv"]),
      "a/20240101-20240131/r1/part_0_0001.csv": "",
      "copy/20240101-20240131/r2/manifest.json": manifest("ActualCost", "2024-02-02T03:00:00Z", ["x/part_0_0001.csv"]),
      "copy/20240101-20240131/r2/part_0_0001.csv": "",
      "other/20240101-20240131/r3/manifest.json": manifest(
        "AmortizedCost",
        "2024-02-01T03:00:00Z",
        ["x/part_0_0001.csv"],
        "/subscriptions/another",
      ),
      "other/20240101-20240131/r3/part_0_0001.csv": "",
    });
    expect(found.map((delivery) => delivery.files)).toEqual([
      ["actual copy/20240101-20240131/r2/part_0_0001.csv"],
      ["amortized other/20240101-20240131/r3/part_0_0001.csv"],
    ]);
    expect(found[0]!.ignored).toContain("a/20240101-20240131/r1/part_0_0001.csv");
  });

  it("knows the two exports by their folder names where there is no manifest", async () => {
    const found = await plan({
      "acme-ActualCost/20240101-20240131/acme_1.csv": "",
      "acme-AmortizedCost/20240101-20240131/acme_2.csv.gz": "",
    });
    expect(found.map((delivery) => delivery.files)).toEqual([
      [
        "actual acme-ActualCost/20240101-20240131/acme_1.csv",
        "amortized acme-AmortizedCost/20240101-20240131/acme_2.csv.gz",
      ],
    ]);
  });

  it("orders runs without a manifest by the time in their folder, and claims none where nothing tells", async () => {
    const dated = await plan({
      "a-actual/20240101-20240131/202401150300/g1/0001.csv": "",
      "a-actual/20240101-20240131/202401160300/g2/0001.csv": "",
    });
    expect(dated.map((delivery) => delivery.files)).toEqual([
      ["actual a-actual/20240101-20240131/202401160300/g2/0001.csv"],
    ]);
    expect(
      await plan({ "a-actual/20240101-20240131/g1/0001.csv": "", "a-actual/20240101-20240131/g2/0001.csv": "" }),
    ).toEqual([]);
  });

  it("delivers FOCUS exports without a role and leaves price sheets out", async () => {
    const found = await plan({
      "focus/20240101-20240131/r1/manifest.json": manifest("FocusCost", "2024-02-01T03:00:00Z", ["x/part_0_0001.csv"]),
      "focus/20240101-20240131/r1/part_0_0001.csv": "",
      "prices/20240101-20240131/r2/manifest.json": manifest("PriceSheet", "2024-02-01T03:00:00Z", [
        "x/part_0_0001.csv",
      ]),
      "prices/20240101-20240131/r2/part_0_0001.csv": "",
    });
    expect(found).toHaveLength(1);
    expect(found[0]!.files).toEqual(["none focus/20240101-20240131/r1/part_0_0001.csv"]);
    expect(found[0]!.ignored).toContain("prices/20240101-20240131/r2/part_0_0001.csv");
  });

  it("joins plain files that differ in one word, and numbered parts in folders that do", async () => {
    expect(
      (await plan({ "EA_ActualCost_Small.csv": "", "EA_AmortizedCost_Small.csv": "", "ea_export_sample.csv": "" })).map(
        (delivery) => delivery.files,
      ),
    ).toEqual([["actual EA_ActualCost_Small.csv", "amortized EA_AmortizedCost_Small.csv"]]);
    expect(
      (await plan({ "actual/part_0_1.csv": "", "actual/part_1_1.csv": "", "amortized/part_0_1.csv": "" })).map(
        (delivery) => delivery.files,
      ),
    ).toEqual([["actual actual/part_0_1.csv", "actual actual/part_1_1.csv", "amortized amortized/part_0_1.csv"]]);
    expect(
      (await plan({ "2024-01-actual.csv": "", "amortised-january.csv": "" })).map((delivery) => delivery.files),
    ).toEqual([["actual 2024-01-actual.csv", "amortized amortised-january.csv"]]);
  });

  it("claims nothing where names could mean several pairs", async () => {
    expect(await plan({ "january-actual.csv": "", "amortized-jan.csv": "", "february-actual.csv": "" })).toEqual([]);
    expect(await plan({ "usage/report.csv": "", "manifest.json": "{" })).toEqual([]);
  });
});
