import { existsSync, writeFileSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { fixedClock, systemClock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import { openDatabase } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";
import { deleteTenant } from "@finops/platform/tenancy/tenants";
import { createInlineEngine, type RunOptions } from "../engine/engine-runner.ts";
import type { EngineInputs, TaskName, TaskOutput } from "../engine/engine-tasks.ts";
import { focusBill } from "../testing/sample-bills.ts";
import { createTestPipeline, type TestPipeline } from "../testing/test-pipeline.ts";
import { listPublications, pinStore } from "./publication-log.ts";
import { removeSource } from "./publish-period.ts";
import { rollback } from "./roll-back.ts";
import { sweep } from "./sweep.ts";

let test: TestPipeline;
/** Called when a builder has built its file and not yet published it. */
let whenBuilt: () => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  test = await createTestPipeline((tempDir) => {
    const inline = createInlineEngine({ tempDir, threads: 1, memoryMb: 512 });
    return {
      async run<N extends TaskName>(task: N, input: EngineInputs[N], options?: RunOptions): Promise<TaskOutput<N>> {
        const output = await inline.run(task, input, options);
        if (task === "build") await whenBuilt();
        return output;
      },
    };
  });
});
afterAll(() => test.close());
afterEach(() => {
  whenBuilt = () => Promise.resolve();
});

/** The bill of one account with one row. */
const bill = (cost: string, account = "1") => ({
  "may.csv": focusBill([{ BilledCost: cost, BillingAccountId: account, SubAccountId: account }]),
});

/** A builder that has built and sleeps until it is woken. */
async function sleepingBuilder(
  ctx: Context,
  cost: string,
  account?: string,
): Promise<{ wake: () => Promise<unknown> }> {
  let wakeUp = () => {};
  const built = new Promise<void>((resolve) => {
    whenBuilt = () => {
      whenBuilt = () => Promise.resolve();
      resolve();
      return new Promise((wake) => (wakeUp = wake));
    };
  });
  const importing = test.importOne(ctx, bill(cost, account));
  importing.catch(() => undefined);
  await built;
  return {
    wake: () => {
      wakeUp();
      return importing;
    },
  };
}

const letLeaseExpire = (ctx: Context) =>
  ctx.inTenant((tx) => tx.$executeRaw`update build_lease set expires_at = clock_timestamp() - interval '1 second'`);
const positions = async (ctx: Context) =>
  (await ctx.inTenant((tx) => listPublications(tx, ctx.tenantId))).map((entry) => entry.position).toReversed();
const periodFiles = (ctx: Context) => test.pipeline.periods.list(ctx.tenantId);

describe("builders of one period", () => {
  it("that start at once all get in, and each builds on what was published before it", async () => {
    const ctx = await test.company();
    await Promise.all(["1", "2", "3"].map((account) => test.importOne(ctx, bill("1", account))));
    expect(await test.billed(ctx)).toEqual({ USD: "3" });
    const log = (await ctx.inTenant((tx) => listPublications(tx, ctx.tenantId))).toReversed();
    expect(log.map((entry) => entry.versionIds.length)).toEqual([1, 2, 3]);
    for (const [index, entry] of log.slice(1).entries())
      expect(entry.versionIds).toEqual(expect.arrayContaining([...log[index]!.versionIds]));
    expect(await ctx.inTenant((tx) => tx.buildLease.count())).toBe(0);
  });

  it("wait for one that works, and are not held up by one that died", async () => {
    const ctx = await test.company();
    const slow = await sleepingBuilder(ctx, "1", "1");
    const waiting = test.importOne(ctx, bill("2", "2"));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await positions(ctx)).toEqual([]);
    await slow.wake();
    await waiting;
    expect(await test.billed(ctx)).toEqual({ USD: "3" });
  });
});

describe("a builder that wakes up late publishes nothing", () => {
  it("after its lease ran out and another one published", async () => {
    const ctx = await test.company();
    const late = await sleepingBuilder(ctx, "1", "1");
    await letLeaseExpire(ctx);
    await test.importOne(ctx, bill("2", "2"));
    const before = await test.snapshot(ctx);
    await expect(late.wake()).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("took over the billing period 2026-05"),
    });
    expect(await test.billed(ctx)).toEqual({ USD: "2" });
    const { versions, landings, periodFiles: left } = (await test.snapshot(ctx)) as Record<string, unknown[]>;
    expect([versions!.length, landings!.length, left!.length]).toEqual([1, 1, 1]);
    expect((before as Record<string, unknown[]>).publications).toHaveLength(1);
    await test.importOne(ctx, bill("1", "1"));
    expect(await test.billed(ctx)).toEqual({ USD: "3" });
  });

  it("after its lease ran out, even when nobody took it", async () => {
    const ctx = await test.company();
    const late = await sleepingBuilder(ctx, "1");
    await letLeaseExpire(ctx);
    await expect(late.wake()).rejects.toMatchObject({ code: "conflict" });
    expect(await positions(ctx)).toEqual([]);
    expect(await periodFiles(ctx)).toEqual([]);
  });

  it("after a rollback", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, bill("1"));
    await test.importOne(ctx, bill("2"));
    const [first] = await positions(ctx);
    const late = await sleepingBuilder(ctx, "3");
    await letLeaseExpire(ctx);
    await rollback(ctx, first!);
    await expect(late.wake()).rejects.toMatchObject({ code: "conflict" });
    expect(await test.billed(ctx)).toEqual({ USD: "1" });
    expect(await positions(ctx)).toHaveLength(3);
  });

  it("after its company was deleted, and leaves no file of it", async () => {
    const ctx = await test.company();
    const late = await sleepingBuilder(ctx, "1");
    await deleteTenant(test.host.db, ctx.tenantId);
    await expect(late.wake()).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining("company was deleted"),
    });
    expect(await test.host.files.list(`tenants/${ctx.tenantId}/`)).toEqual([]);
    expect(await readdir(join(test.root, "warehouse"))).not.toContain(ctx.tenantId);
  });
});

describe("the sweep", () => {
  /** As processes do that start together. */
  const sweepByThree = () => Promise.all([1, 2, 3].map(() => sweep(test.host, test.pipeline)));

  it("leaves a running build alone, and removes what nobody names", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, bill("1", "1"));
    const [current] = await periodFiles(ctx);
    const builder = await sleepingBuilder(ctx, "2", "2");
    const dir = join(test.root, "warehouse", ctx.tenantId);
    await mkdir(dir, { recursive: true });
    for (const name of ["2026-05-999999.duckdb", "2026-05-999999.duckdb.tmp", "2026-05-999999.duckdb.tmp.wal"])
      writeFileSync(join(dir, name), "left behind");
    await sweepByThree();
    expect((await periodFiles(ctx)).length).toBe(2);
    expect(await periodFiles(ctx)).toContain(current);
    await builder.wake();
    await sweepByThree();
    expect(await test.billed(ctx)).toEqual({ USD: "3" });
  });

  it("of several processes removes what is a day old and of a builder that died, and nothing of one that works", async () => {
    const ctx = await test.company();
    const died = await sleepingBuilder(ctx, "1", "1");
    await letLeaseExpire(ctx);
    const works = await sleepingBuilder(ctx, "2", "2");
    const versions = () => ctx.inTenant((tx) => tx.datasetVersion.findMany({ select: { state: true } }));
    await sweepByThree();
    expect(await versions()).toHaveLength(2);

    await ctx.inTenant((tx) => tx.$executeRaw`update dataset_version set created_at = created_at - interval '25 h'`);
    await sweepByThree();
    expect([await versions(), (await periodFiles(ctx)).length]).toEqual([[{ state: "ready" }], 1]);
    await works.wake();
    await expect(died.wake()).rejects.toMatchObject({ code: "conflict" });
    expect(await test.billed(ctx)).toEqual({ USD: "2" });
    const { landings, stored } = (await test.snapshot(ctx)) as Record<string, unknown[]>;
    expect([landings!.length, stored!.length > 0, (await periodFiles(ctx)).length]).toEqual([1, true, 1]);
  });

  it("goes by the clock of the database, whatever its process takes the time for", async () => {
    const ctx = await test.company();
    const works = await sleepingBuilder(ctx, "1", "1");
    await letLeaseExpire(ctx);
    // What another process has just put there, and will record.
    const landing = `tenants/${ctx.tenantId}/landing/${newId()}/0`;
    await test.host.files.put(landing, new Uint8Array([1]));
    for (const hours of [-48, -1, 1, 48]) {
      test.host.clock = fixedClock(new Date(systemClock.now().getTime() + hours * 3_600_000).toISOString());
      await sweepByThree();
    }
    test.host.clock = systemClock;
    expect(await test.host.files.find(landing)).not.toBeNull();
    expect(await ctx.inTenant((tx) => tx.datasetVersion.count())).toBe(1);
    await expect(works.wake()).rejects.toMatchObject({ code: "conflict" });
  });

  it("keeps every state, or as many of each month as it is told, and says what is no longer there", async () => {
    const ctx = await test.company();
    for (const cost of ["1", "2", "3", "4"]) await test.importOne(ctx, bill(cost));
    const [fourth, third, second, first] = await ctx.inTenant((tx) => listPublications(tx, ctx.tenantId));
    const states = async () => (await periodFiles(ctx)).length;
    await sweep(test.host, test.pipeline, { evenIfLeased: true });
    expect(await states()).toBe(4);
    await rollback(ctx, third!.position);

    // The current state is the third one again, and the fourth was current before it.
    await sweep(test.host, test.pipeline, { evenIfLeased: true, keepStates: 2 });
    expect(await states()).toBe(2);
    expect(await test.billed(ctx)).toEqual({ USD: "3" });
    for (const gone of [first!, second!])
      await expect(rollback(ctx, gone.position)).rejects.toMatchObject({
        code: "precondition",
        message: expect.stringContaining("FINOPS_KEEP_STATES"),
      });
    await rollback(ctx, fourth!.position);
    expect(await test.billed(ctx)).toEqual({ USD: "4" });
    // History itself stays whole.
    expect(await ctx.inTenant((tx) => listPublications(tx, ctx.tenantId))).toHaveLength(6);
    expect(await ctx.inTenant((tx) => tx.datasetVersion.count())).toBe(4);

    await sweep(test.host, test.pipeline, { evenIfLeased: true, keepStates: 1 });
    expect(await states()).toBe(1);
    expect(await test.billed(ctx)).toEqual({ USD: "4" });
  });

  it("of the only process removes versions and raw files that came to nothing, and companies that are gone", async () => {
    const [ctx, gone] = [await test.company(), await test.company()];
    await test.importOne(ctx, bill("1"));
    await test.importOne(gone, bill("1"));
    const before = await test.snapshot(ctx);
    const died = await sleepingBuilder(ctx, "2", "2");
    await test.host.files.put(`tenants/${ctx.tenantId}/landing/${ctx.tenantId}/0`, new Uint8Array([1]));
    // A process that dies between making a folder and moving a file into it leaves the folder.
    const empty = test.host.files.localPath(`tenants/${ctx.tenantId}/landing/${newId()}`)!;
    await mkdir(empty);
    await deleteTenant(test.host.db, gone.tenantId);
    await sweep(test.host, test.pipeline, { evenIfLeased: true });
    const { sources: _, ...after } = (await test.snapshot(ctx)) as Record<string, unknown>;
    const { sources: __, ...expected } = before as Record<string, unknown>;
    // The builder that "died" still has its folder of work.
    expect({ ...after, work: [] }).toEqual({ ...expected, work: [] });
    expect(await test.host.files.list(`tenants/${gone.tenantId}/`)).toEqual([]);
    expect(existsSync(empty)).toBe(false);
    expect(await readdir(join(test.root, "warehouse"))).not.toContain(gone.tenantId);
    await expect(died.wake()).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("the publication log", () => {
  it("answers as of a day across a rollback", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, bill("1"));
    await test.importOne(ctx, bill("2"));
    const [first] = await positions(ctx);
    await rollback(ctx, first!);
    const days = ["2026-06-01T10:00:00Z", "2026-06-02T23:59:59.999Z", "2026-06-03T00:00:00Z"];
    // The application itself cannot change the log.
    const admin = openDatabase({ appUrl: test.database.adminUrl });
    for (const [index, position] of (await positions(ctx)).entries())
      await admin.inTenant(
        ctx.tenantId,
        (tx) => tx.$executeRaw`update publication set at = ${days[index]}::timestamptz where position = ${position}`,
      );
    await admin.close();
    const asOf = async (day: string) => test.billed(ctx, await ctx.inTenant((tx) => pinStore(tx, ctx.tenantId, day)));
    expect([
      await asOf("2026-05-31"),
      await asOf("2026-06-01"),
      await asOf("2026-06-02"),
      await asOf("2026-06-03"),
    ]).toEqual([{}, { USD: "1" }, { USD: "2" }, { USD: "1" }]);
  });

  it("goes back, and back again", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, bill("1"));
    await test.importOne(ctx, bill("2"));
    const [first, second] = await positions(ctx);
    await rollback(ctx, first!);
    expect(await test.billed(ctx)).toEqual({ USD: "1" });
    const states = () =>
      ctx.inTenant(async (tx) =>
        (await tx.datasetVersion.findMany({ orderBy: { number: "asc" } })).map((version) => version.state),
      );
    expect(await states()).toEqual(["published", "rolled_back"]);
    await rollback(ctx, second!);
    expect(await test.billed(ctx)).toEqual({ USD: "2" });
    expect(await states()).toEqual(["rolled_back", "published"]);
    // What was rolled back and comes again is published again, and not taken for known.
    expect(await test.importOne(ctx, bill("1"))).toMatchObject({ unchanged: false });
    expect(await test.billed(ctx)).toEqual({ USD: "1" });
  });

  it("knows no entry of another company", async () => {
    const [mine, other] = [await test.company(), await test.company()];
    await test.importOne(mine, bill("1"));
    const [position] = await positions(mine);
    await expect(rollback(other, position!)).rejects.toMatchObject({ code: "not_found" });
    expect(await test.billed(other)).toEqual({});
  });

  it("empties a period of its only source, and fills it again", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, bill("1"));
    const { sourceId } = await ctx.inTenant((tx) => tx.datasetVersion.findFirstOrThrow());
    await removeSource(ctx, test.pipeline, sourceId, "2026-05-01");
    expect(await test.billed(ctx)).toEqual({});
    await expect(removeSource(ctx, test.pipeline, sourceId, "2026-05-01")).rejects.toMatchObject({ code: "not_found" });
    expect(await ctx.inTenant((tx) => tx.buildLease.count())).toBe(0);
    const [first] = await positions(ctx);
    await rollback(ctx, first!);
    expect(await test.billed(ctx)).toEqual({ USD: "1" });
  });

  it("gives a query that runs through a publish the answer that it began with", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, bill("1"));
    const pinned = await ctx.inTenant((tx) => pinStore(tx, ctx.tenantId));
    let isDone = false;
    const restating = test.importOne(ctx, bill("2")).finally(() => (isDone = true));
    while (!isDone) {
      expect(await test.billed(ctx, pinned)).toEqual({ USD: "1" });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await restating;
    await sweep(test.host, test.pipeline, { evenIfLeased: true });
    expect(await test.billed(ctx, pinned)).toEqual({ USD: "1" });
    expect(await test.billed(ctx)).toEqual({ USD: "2" });
  });
});

it("a build that fails leaves no file, no lease and no version", async () => {
  const ctx = await test.company();
  const before = await test.snapshot(ctx);
  whenBuilt = () => Promise.reject(new Error("the disk broke"));
  await expect(test.importOne(ctx, bill("1"))).rejects.toThrow("the disk broke");
  expect(await test.snapshot(ctx)).toEqual(before);
});
