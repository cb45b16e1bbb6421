import { afterAll, beforeAll, expect, it } from "vitest";
import type { Context } from "@finops/platform/tenancy/context";
import { focusBill } from "../testing/sample-bills.ts";
import { createTestPipeline, type TestPipeline } from "../testing/test-pipeline.ts";
import { pinPublished, readPublished } from "./pin-published.ts";
import { appendPublication, pinStore } from "./publication-log.ts";

let test: TestPipeline;
beforeAll(async () => {
  test = await createTestPipeline();
});
afterAll(() => test.close());

const publish = (ctx: Context, note: string) =>
  ctx.inTenant((tx) =>
    appendPublication(tx, ctx.tenantId, {
      billingPeriod: "2026-05-01",
      generationId: null,
      kind: "remove",
      versionIds: [],
      actor: "test",
      note,
    }),
  );

it("is what the log says, before anything is published and after", async () => {
  const ctx = await test.company();
  const read = () => ctx.inTenant((tx) => pinStore(tx, ctx.tenantId));
  expect(await pinPublished(ctx)).toEqual(await read());
  await test.importOne(ctx, { "may.csv": focusBill([{}]) });
  const pinned = await pinPublished(ctx);
  expect(pinned).toEqual(await read());
  expect(pinned.generations).toHaveLength(1);
  expect(await pinPublished(ctx, "2000-01-01")).toMatchObject({ position: "0", generations: [] });
});

it("reads what stands at a position once, however many ask", async () => {
  const ctx = await test.company();
  await test.importOne(ctx, { "may.csv": focusBill([{}]) });
  const [first, ...more] = await Promise.all(Array.from({ length: 20 }, () => pinPublished(ctx)));
  expect(more.every((pinned) => pinned === first)).toBe(true);
  expect(await pinPublished(ctx)).toBe(first);
});

it("never misses what was published before it was asked, whoever else is asking", async () => {
  const ctx = await test.company();
  let isDone = false;
  const crowd = Array.from({ length: 4 }, async () => {
    for (; !isDone;) await pinPublished(ctx);
  });
  for (let round = 0; round < 30; round += 1) {
    const position = await publish(ctx, String(round));
    const seen = await Promise.all([pinPublished(ctx), pinPublished(ctx), pinPublished(ctx)]);
    expect(seen.map((pinned) => pinned.position)).toEqual([position, position, position].map(String));
  }
  isDone = true;
  await Promise.all(crowd);
});

it("keeps companies apart, and goes on after a look that failed", async () => {
  const [ours, theirs] = [await test.company(), await test.company()];
  const position = await publish(ours, "ours");
  const broken: Context = { ...ours, inTenant: () => Promise.reject(new Error("the line is down")) };
  const [failed, joined] = await Promise.allSettled([pinPublished(broken), pinPublished(ours)]);
  expect([failed.status, joined.status]).toEqual(["rejected", "fulfilled"]);
  expect((await pinPublished(ours)).position).toBe(String(position));
  expect((await pinPublished(theirs)).position).toBe("0");
});

it("reads with what is known beside the look, and gives it up for what was published since", async () => {
  const ctx = await test.company();
  const begun: { position: string; signal: AbortSignal | undefined }[] = [];
  const read = (fails?: string) =>
    readPublished(ctx, {}, async ({ position }, { signal }) => {
      begun.push({ position, signal });
      if (position === fails) throw new Error("its files are gone");
      return position;
    });
  expect([await read(), await read()]).toEqual(["0", "0"]);
  const position = String(await publish(ctx, "more"));
  expect(await read("0")).toBe(position);
  expect(begun.map((one) => one.position)).toEqual(["0", "0", "0", position]);
  expect(begun.map(({ signal }) => signal?.aborted)).toEqual([undefined, false, true, undefined]);
  await expect(read(position)).rejects.toThrow("its files are gone");
  const whole = await readPublished(ctx, { asOf: "2000-01-01" }, (pinned) => Promise.resolve(pinned));
  expect(whole.position).toBe("0");
});

it("tells of a look that failed, and ends what was read beside it", async () => {
  const ctx = await test.company();
  await pinPublished(ctx);
  const broken: Context = {
    ...ctx,
    host: { ...ctx.host, db: Object.assign(Object.create(ctx.host.db), ctx.host.db) as typeof ctx.host.db },
  };
  await pinPublished(broken);
  broken.host.db.askDirectory = () => Promise.reject(new Error("the line is down"));
  let inside: AbortSignal | undefined;
  const reading = readPublished(broken, {}, (_, { signal }) => {
    inside = signal;
    return new Promise(() => undefined);
  });
  await expect(reading).rejects.toThrow("the line is down");
  expect(inside?.aborted).toBe(true);
});
