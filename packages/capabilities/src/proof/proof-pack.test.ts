import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import { createContext } from "@finops/platform/tenancy/context";
import type { Context } from "@finops/platform/tenancy/context";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FigureRequestInput } from "./contract.ts";
import { packProof } from "./service.ts";

let test: TestPipeline;
let reader: CostReader;
beforeAll(async () => {
  test = await createTestPipeline();
  reader = new CostReader(test.store);
});
afterAll(() => test.close());

const all: FigureRequestInput = {
  measure: "billedCost",
  period: { start: "2000-01-01", end: "2100-01-01" },
  currency: "USD",
};

async function filesOf(ctx: Context, figure: unknown): Promise<Record<string, Uint8Array>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of packProof(ctx, reader, figure)) chunks.push(chunk);
  return unzipSync(Buffer.concat(chunks));
}

/** What a stranger does: plain DuckDB in the folder of the pack. */
async function verify(files: Record<string, Uint8Array>): Promise<Record<string, string | null>> {
  const folder = await mkdtemp(join(tmpdir(), "finops-proof-"));
  const engine = await DuckDB.open({ threads: 1, memoryMb: 256 });
  try {
    await writeFile(join(folder, "rows.csv"), files["rows.csv"]!);
    const sql = Buffer.from(files["verify.sql"]!)
      .toString()
      .replace("'rows.csv'", `'${join(folder, "rows.csv")}'`);
    return (await engine.rows(sql))[0]!;
  } finally {
    engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}

describe("a proof pack", () => {
  it("lets plain DuckDB compute the figure anew, to the last of 26 places", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, {
      "web.csv": focusBill([
        { BilledCost: "0.00000000000000000000000001", ChargeDescription: 'A "quoted", long\nname' },
        { BilledCost: "12345678.9", ChargeDescription: "=1+1" },
        { BilledCost: "-0.5" },
      ]),
    });
    const files = await filesOf(ctx, all);
    expect(Object.keys(files).toSorted((a, b) => a.localeCompare(b))).toEqual([
      "figure.json",
      "files.csv",
      "query.sql",
      "README.md",
      "rows.csv",
      "SHA256SUMS",
      "verify.sql",
    ]);
    expect(await verify(files)).toMatchObject({
      rows: "3",
      sum: "12345678.40000000000000000000000001",
      is_equal: "true",
    });
  });

  it("lets a rate be computed from the exact sums behind it", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, {
      "usage.csv": focusBill([
        { BilledCost: "75", EffectiveCost: "75", ListCost: "100", ChargeCategory: "Usage" },
        { BilledCost: "9", EffectiveCost: "9", ListCost: "9", ChargeCategory: "Tax" },
      ]),
    });
    const files = await filesOf(ctx, { ...all, measure: "effectiveSavingsRate" });
    expect(await verify(files)).toMatchObject({ rows: "2", spend: "75", list: "100", claimed: "0.25" });
  });

  it("names the bill files by their hash, and tells when one of its own files was changed", async () => {
    const ctx = await test.company();
    const bill = focusBill([{ BilledCost: "1" }]);
    await test.importOne(ctx, { "web.csv": bill });
    const files = await filesOf(ctx, all);
    expect(Buffer.from(files["files.csv"]!).toString()).toContain(createHash("sha256").update(bill).digest("hex"));
    for (const line of Buffer.from(files["SHA256SUMS"]!).toString().trim().split("\n")) {
      const [hash, name] = line.split("  ");
      expect(createHash("sha256").update(files[name!]!).digest("hex")).toBe(hash);
    }
    expect(Buffer.from(files["README.md"]!).toString()).toContain("# Billed cost: 1 USD");
  });

  it("is packed page by page, every row once", async () => {
    const ctx = await test.company();
    const rows = Array.from({ length: 4500 }, (_, index) => ({
      BilledCost: `0.${String(index + 1).padStart(4, "0")}1`,
    }));
    await test.importOne(ctx, { "many.csv": focusBill(rows) });
    expect(await verify(await filesOf(ctx, all))).toMatchObject({ rows: "4500", is_equal: "true" });
  });

  it("is refused to those who may not export", async () => {
    const ctx = await test.company();
    const viewer = createContext(test.host, {
      tenantId: ctx.tenantId,
      actor: ctx.actor,
      via: ctx.via,
      permissions: ["costs:read"],
    });
    await expect(packProof(viewer, reader, all).next()).rejects.toMatchObject({ code: "forbidden" });
  });
});
