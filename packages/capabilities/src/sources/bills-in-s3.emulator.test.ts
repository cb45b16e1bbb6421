import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { newId } from "@finops/kernel/id";
import { sealChain } from "@finops/platform/audit/seal-chain";
import { verifyChain } from "@finops/platform/audit/verify-chain";
import { createS3Store } from "@finops/platform/files/s3-store";
import type { Job } from "@finops/platform/jobs/worker";
import type { Context } from "@finops/platform/tenancy/context";
import { deleteTenant } from "@finops/platform/tenancy/tenants";
import { type S3Emulator, startS3Emulator } from "@finops/platform/testing/s3-emulator";
import { createInlineEngine } from "@finops/pipeline/engine/engine-runner";
import { sweep } from "@finops/pipeline/publish/sweep";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, openDuckDBCosts, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import { proveFigure } from "../proof/index.ts";
import { detectImport } from "./detect.ts";
import { importJob, reprocessJob } from "./jobs.ts";
import { listDatasets, rollBackPeriod, startImport } from "./service.ts";
import { addImportFile, appendImportFile, openImport } from "./uploads.ts";
import { getRejects, previewRollback } from "./lake-pages.ts";

// The emulator takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

let emulator: S3Emulator;
let test: TestPipeline;
// The first time, the emulator is installed.
beforeAll(async () => {
  emulator = await startS3Emulator();
  const settings = await emulator.createBucket();
  test = await createTestPipeline(
    (tempDir) => createInlineEngine({ tempDir, threads: 1, memoryMb: 512 }),
    openDuckDBCosts,
    () => createS3Store(settings),
  );
}, 300_000);
afterAll(async () => {
  await test.close();
  await emulator.stop();
});

const bytes = (content: string) => new TextEncoder().encode(content);
async function* pieces(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield bytes(part);
}

const actor = { kind: "system", id: "test", name: "test" };
const jobOf = (ctx: Context, payload: object, afterwards: Job["afterwards"] = () => undefined) =>
  ({
    claim: { id: newId(), tenantId: ctx.tenantId, payload },
    signal: new AbortController().signal,
    reportProgress: () => undefined,
    afterwards,
  }) as unknown as Job;

/** Sends a bill in two pieces, has it looked at, and imports it. */
async function importUploaded(ctx: Context, bill: string): Promise<void> {
  const { id } = await openImport(ctx);
  const half = Math.floor(bill.length / 2);
  const length = bill.length;
  await appendImportFile(ctx, id, { name: "may.csv", offset: 0, length }, pieces(bill.slice(0, half)));
  await appendImportFile(ctx, id, { name: "may.csv", offset: half, length }, pieces(bill.slice(half)));
  expect(await detectImport(ctx, test.pipeline, id, {})).toMatchObject({ deliveries: [{ format: "focus" }] });
  await startImport(ctx, id, {});
  let tidy = () => Promise.resolve();
  const job = jobOf(ctx, { importId: id, options: {}, actor }, (work) => (tidy = work));
  await importJob(test.host, test.pipeline)(job);
  await tidy();
}

const stored = async (ctx: Context, folder: string) =>
  (await test.host.files.list(`tenants/${ctx.tenantId}/${folder}/`)).map(({ name }) => name);

it("lands a bill, restates it, goes back and proves the figure, and leaves nothing on this machine", async () => {
  const ctx = await test.company();
  const first = focusBill([
    { BilledCost: "1.00000000000000000000000001" },
    { BilledCost: "2" },
    { BilledCost: "much" },
  ]);
  await importUploaded(ctx, first);
  expect(await test.billed(ctx)).toEqual({ USD: "3.00000000000000000000000001" });
  const [landed] = await stored(ctx, "landing");
  expect(await text(await test.host.files.get(landed!))).toBe(first);
  expect(await stored(ctx, "uploads")).toEqual([]);

  await importUploaded(ctx, focusBill([{ BilledCost: "5" }]));
  expect(await test.billed(ctx)).toEqual({ USD: "5" });
  const { periods } = await listDatasets(ctx);
  const [now, before] = periods;
  expect(await getRejects(ctx, test.pipeline, before!.versions[0]!.id, { offset: 0, limit: 10 })).toMatchObject({
    total: 1,
    rows: [{ file: "may.csv" }],
  });
  const preview = await previewRollback(ctx, test.pipeline, before!.position);
  expect([now!.isCurrent, preview.changesTotal]).toEqual([true, 1]);
  await rollBackPeriod(ctx, before!.position);
  expect(await test.billed(ctx)).toEqual({ USD: "3.00000000000000000000000001" });

  const proof = await proveFigure(ctx, new CostReader(test.store), {
    measure: "billedCost",
    period: { start: "2000-01-01", end: "2100-01-01" },
    currency: "USD",
  });
  expect(proof.figure.value).toBe("3.00000000000000000000000001");
  expect(proof.reconciliation.filter(({ holds }) => !holds)).toEqual([]);
  const raw = createHash("sha256").update(first).digest("hex");
  expect(proof.versions[0]!.files).toMatchObject([{ name: "may.csv", sha256: raw }]);
  expect(await readdir(test.pipeline.workDir)).toEqual([]);
});

it("runs today's mappings over what landed", async () => {
  const ctx = await test.company();
  await importUploaded(ctx, focusBill([{ BilledCost: "7" }]));
  const reports = await reprocessJob(test.host, test.pipeline)(jobOf(ctx, { importId: newId(), actor }));
  expect([reports.length, await test.billed(ctx)]).toEqual([1, { USD: "7" }]);
  expect(await readdir(test.pipeline.workDir)).toEqual([]);
});

it("keeps nothing of a bill that cannot be read", async () => {
  const ctx = await test.company();
  const { id } = await openImport(ctx);
  await addImportFile(ctx, id, "may.csv", pieces("no bill,at all\n1,2\n"));
  await startImport(ctx, id, {});
  const run = importJob(test.host, test.pipeline)(jobOf(ctx, { importId: id, options: {}, actor }));
  await expect(run).rejects.toMatchObject({ code: "invalid" });
  expect([await stored(ctx, "landing"), await stored(ctx, "lake"), await readdir(test.pipeline.workDir)]).toEqual([
    [],
    [],
    [],
  ]);
});

it("sweeps what no row names, and what a company that is gone left", async () => {
  const [leaving, staying] = [await test.company(), await test.company()];
  for (const ctx of [leaving, staying]) await importUploaded(ctx, focusBill([{ BilledCost: "7" }]));
  await test.host.files.put(`tenants/${staying.tenantId}/landing/${newId()}/0`, bytes("x"));
  await deleteTenant(test.host.db, leaving.tenantId);
  await sweep(test.host, test.pipeline, { evenIfLeased: true });
  expect(await test.host.files.list(`tenants/${leaving.tenantId}/`)).toEqual([]);
  expect([await stored(staying, "landing"), await test.billed(staying)]).toEqual([
    [expect.stringMatching(/\/0$/)],
    { USD: "7" },
  ]);
});

it("seals the audit into a file, which stays part of the chain", async () => {
  const ctx = await test.company();
  await importUploaded(ctx, focusBill([{ BilledCost: "7" }]));
  const [seal] = await sealChain(ctx, "2999-01-01");
  expect(await test.host.files.find(seal!.file)).not.toBeNull();
  expect((await verifyChain(ctx)).fault).toBeNull();
  await test.host.files.delete(seal!.file);
  expect((await verifyChain(ctx)).fault).toMatchObject({ kind: "missing" });
});
