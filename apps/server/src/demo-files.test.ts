import { describe, expect, it } from "vitest";
import { demoFiles } from "./demo-files.ts";

const namesOf = (...names: string[]) =>
  demoFiles(names.map((name) => ({ name, path: `/bills/${name}`, bytes: 1 }))).map(({ name }) => name);

describe("the demo's bills", () => {
  it("have Azure's pairs of all months as numbered parts in one folder, which import as one delivery", () => {
    expect(
      namesOf(
        "azure/2026-10/actual.csv",
        "azure/2026-10/actual.manifest.json",
        "azure/2026-10/amortized.csv",
        "azure/2026-11/actual.csv",
        "azure/2026-11/amortized.csv",
      ),
    ).toEqual([
      "azure/actual_part_2026_10.csv",
      "azure/amortized_part_2026_10.csv",
      "azure/actual_part_2026_11.csv",
      "azure/amortized_part_2026_11.csv",
    ]);
  });

  it("have the months of any other export beside each other, without their manifests", () => {
    expect(
      namesOf(
        "aws-cur2/2026-10/cur2-00001.snappy.parquet",
        "aws-cur2/2026-10/cur2-Manifest.json",
        "aws-cur2/2026-11/cur2-00001.snappy.parquet",
        "gcp/2026-10/gcp-detailed-00001.jsonl",
      ),
    ).toEqual([
      "aws-cur2/2026-10-cur2-00001.snappy.parquet",
      "aws-cur2/2026-11-cur2-00001.snappy.parquet",
      "gcp/2026-10-gcp-detailed-00001.jsonl",
    ]);
  });

  it("keep restated months in folders of their own, and leave the truth out", () => {
    expect(
      namesOf(
        "truth.json",
        "azure-restated/2026-08/actual.csv",
        "azure-restated/2026-08/amortized.csv",
        "focus-1.2/quillmind/2026-10.csv",
      ),
    ).toEqual([
      "azure-restated/actual_part_2026_08.csv",
      "azure-restated/amortized_part_2026_08.csv",
      "focus-1.2/quillmind/2026-10.csv",
    ]);
  });
});
