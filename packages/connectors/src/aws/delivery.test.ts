import { describe, expect, it } from "vitest";
import { planAwsDeliveries } from "./delivery.ts";

/** Plans a folder that is given as paths; a path with `= …` is a manifest with these files. */
async function plan(...folder: (string | [path: string, content: unknown])[]) {
  const files = folder.map((entry) => ({ path: typeof entry === "string" ? entry : entry[0], bytes: 1 }));
  const contents = new Map(folder.filter((entry) => typeof entry !== "string"));
  const deliveries = await planAwsDeliveries(files, async (path) => {
    const content = contents.get(path);
    return typeof content === "string" ? content : JSON.stringify(content);
  });
  return deliveries.map(({ label, files: chosen, ignored, missing }) => ({
    label,
    files: chosen.map((file) => file.path),
    ignored: ignored.map((file) => file.path),
    missing,
  }));
}

const august = { start: "20260801T000000.000Z", end: "20260901T000000.000Z" };

describe("a Cost and Usage Report", () => {
  it("counts the assembly that the period's manifest names, and no older one", async () => {
    const newer = {
      assemblyId: "bbb",
      reportName: "acme",
      billingPeriod: august,
      reportKeys: ["cur/acme/20260801-20260901/bbb/acme-1.csv.gz", "cur/acme/20260801-20260901/bbb/acme-2.csv.gz"],
    };
    const older = {
      assemblyId: "aaa",
      reportName: "acme",
      billingPeriod: august,
      reportKeys: ["cur/acme/20260801-20260901/aaa/acme-1.csv.gz"],
    };
    expect(
      await plan(
        "acme/20260801-20260901/aaa/acme-1.csv.gz",
        ["acme/20260801-20260901/aaa/acme-Manifest.json", older],
        "acme/20260801-20260901/bbb/acme-1.csv.gz",
        "acme/20260801-20260901/bbb/acme-2.csv.gz",
        ["acme/20260801-20260901/bbb/acme-Manifest.json", newer],
        ["acme/20260801-20260901/acme-Manifest.json", newer],
      ),
    ).toEqual([
      {
        label: "AWS report acme of 2026-08, version bbb",
        files: ["acme/20260801-20260901/bbb/acme-1.csv.gz", "acme/20260801-20260901/bbb/acme-2.csv.gz"],
        ignored: [
          "acme/20260801-20260901/aaa/acme-1.csv.gz",
          "acme/20260801-20260901/aaa/acme-Manifest.json",
          "acme/20260801-20260901/bbb/acme-Manifest.json",
          "acme/20260801-20260901/acme-Manifest.json",
        ],
        missing: [],
      },
    ]);
  });

  it("names the files that the folder lacks, also where an older assembly has files of the same name", async () => {
    const manifest = {
      assemblyId: "bbb",
      reportName: "acme",
      billingPeriod: august,
      reportKeys: ["acme/20260801-20260901/bbb/acme-1.csv.gz"],
    };
    const [delivery] = await plan("acme/20260801-20260901/aaa/acme-1.csv.gz", [
      "acme/20260801-20260901/acme-Manifest.json",
      manifest,
    ]);
    expect(delivery).toMatchObject({ files: [], missing: ["acme/20260801-20260901/bbb/acme-1.csv.gz"] });
  });

  it("refuses to choose between assemblies that nothing puts in order", async () => {
    const [delivery] = await plan(
      "acme/20260801-20260901/aaa/acme-1.csv.gz",
      "acme/20260801-20260901/bbb/acme-1.csv.gz",
    );
    expect(delivery!.files).toEqual([]);
    expect(delivery!.missing[0]).toBe("acme-Manifest.json of 2026-08, which says which of these is current: aaa, bbb");
  });

  it("takes a single assembly without its manifest, and each period for itself", async () => {
    const deliveries = await plan(
      "acme/20260701-20260801/aaa/acme-1.csv.gz",
      "acme/20260801-20260901/bbb/acme-1.csv.gz",
      "acme/20260801-20260901/bbb/acme-RedshiftCommands.sql",
    );
    expect(deliveries.map((delivery) => [delivery.label, delivery.files])).toEqual([
      ["AWS report acme of 2026-07, version aaa", ["acme/20260701-20260801/aaa/acme-1.csv.gz"]],
      ["AWS report acme of 2026-08, version bbb", ["acme/20260801-20260901/bbb/acme-1.csv.gz"]],
    ]);
  });

  it("finds files that were copied beside their manifest", async () => {
    const manifest = {
      assemblyId: "bbb",
      reportName: "acme",
      billingPeriod: august,
      reportKeys: ["cur/acme/20260801-20260901/bbb/acme-1.csv.gz"],
    };
    expect(await plan("bills/acme-1.csv.gz", ["bills/acme-Manifest.json", manifest])).toEqual([
      {
        label: "AWS report acme of 2026-08, version bbb",
        files: ["bills/acme-1.csv.gz"],
        ignored: ["bills/acme-Manifest.json"],
        missing: [],
      },
    ]);
  });

  it("joins the parquet partitions for Athena with the manifest beside them, without the status table", async () => {
    const manifest = {
      assemblyId: "x",
      reportName: "acme",
      billingPeriod: august,
      reportKeys: ["cur/acme/acme/year=2026/month=8/acme-00001.snappy.parquet"],
    };
    const deliveries = await plan(
      "cur/acme/acme/year=2026/month=8/acme-00001.snappy.parquet",
      "cur/acme/acme/cost_and_usage_data_status/cost_and_usage_data_status.parquet",
      ["cur/acme/20260801-20260901/acme-Manifest.json", manifest],
    );
    expect(deliveries).toMatchObject([
      {
        files: ["cur/acme/acme/year=2026/month=8/acme-00001.snappy.parquet"],
        ignored: [
          "cur/acme/20260801-20260901/acme-Manifest.json",
          "cur/acme/acme/cost_and_usage_data_status/cost_and_usage_data_status.parquet",
        ],
      },
    ]);
  });

  it("says which manifest is damaged", async () => {
    await expect(plan(["acme/20260801-20260901/acme-Manifest.json", "{"])).rejects.toThrow(
      "The manifest acme/20260801-20260901/acme-Manifest.json is not JSON. Copy it from the bucket again.",
    );
  });
});

describe("a Data Export", () => {
  it("takes the files of a period that its manifest under metadata names", async () => {
    const manifest = {
      executionId: "e1",
      dataFiles: ["s3://acme-bills/exports/cur2/data/BILLING_PERIOD=2026-08/cur2-00001.snappy.parquet"],
      columns: [],
    };
    expect(
      await plan("exports/cur2/data/BILLING_PERIOD=2026-08/cur2-00001.snappy.parquet", [
        "exports/cur2/metadata/BILLING_PERIOD=2026-08/cur2-Manifest.json",
        manifest,
      ]),
    ).toEqual([
      {
        label: "AWS report cur2 of 2026-08, version e1",
        files: ["exports/cur2/data/BILLING_PERIOD=2026-08/cur2-00001.snappy.parquet"],
        ignored: ["exports/cur2/metadata/BILLING_PERIOD=2026-08/cur2-Manifest.json"],
        missing: [],
      },
    ]);
  });

  it("reads the month from the files that a manifest names, wherever it was copied to", async () => {
    const manifest = { dataFiles: ["s3://acme-bills/exports/cur2/data/BILLING_PERIOD=2026-08/cur2-00001.csv.gz"] };
    const [delivery] = await plan("august/cur2-00001.csv.gz", ["august/cur2-Manifest.json", manifest]);
    expect(delivery).toMatchObject({
      label: "AWS report cur2 of 2026-08",
      files: ["august/cur2-00001.csv.gz"],
      missing: [],
    });
  });

  it("takes each period's folder as one delivery without manifests", async () => {
    const deliveries = await plan(
      "data/BILLING_PERIOD=2026-07/a-1.parquet",
      "data/BILLING_PERIOD=2026-08/a-1.parquet",
      "data/BILLING_PERIOD=2026-08/a-2.parquet",
    );
    expect(deliveries.map((delivery) => delivery.files)).toEqual([
      ["data/BILLING_PERIOD=2026-07/a-1.parquet"],
      ["data/BILLING_PERIOD=2026-08/a-1.parquet", "data/BILLING_PERIOD=2026-08/a-2.parquet"],
    ]);
  });

  it("takes the newest of several executions, whose folders begin with their time", async () => {
    const [delivery] = await plan(
      "cur2/data/BILLING_PERIOD=2026-08/2026-08-21T00:54:00.000Z-11/a.parquet",
      "cur2/data/BILLING_PERIOD=2026-08/2026-08-09T10:00:00.000Z-99/a.parquet",
    );
    expect(delivery).toMatchObject({
      files: ["cur2/data/BILLING_PERIOD=2026-08/2026-08-21T00:54:00.000Z-11/a.parquet"],
      ignored: ["cur2/data/BILLING_PERIOD=2026-08/2026-08-09T10:00:00.000Z-99/a.parquet"],
    });
  });
});

it("leaves to others what is not AWS's layout", async () => {
  expect(
    await plan("bill.csv", "export/20260801-20260831/run/part_0.csv", "warehouse/year=2026/month=8/part.parquet", [
      "azure/x-Manifest.json",
      { blobs: [] },
    ]),
  ).toEqual([]);
});
