import { expect, it } from "vitest";
import { EngineShares } from "./engine-shares.ts";

/** Work that ends when it is told to. */
function begin(shares: EngineShares, task: "build" | "normalize" | "detect", signal?: AbortSignal) {
  let end!: () => void;
  const state = { memoryMb: null as number | null, end: () => end() };
  const done = shares.run(
    task,
    (memoryMb) => {
      state.memoryMb = memoryMb;
      return new Promise<void>((resolve) => (end = resolve));
    },
    signal,
  );
  return { state, done };
}

it("lets two work on many rows at a time, and gives half to whoever begins beside another", async () => {
  const shares = new EngineShares(2048);
  const [first, second, third] = [begin(shares, "build"), begin(shares, "normalize"), begin(shares, "build")];
  expect([first, second, third].map(({ state }) => state.memoryMb)).toEqual([2048, 1024, null]);
  first.state.end();
  await first.done;
  await expect.poll(() => third.state.memoryMb).toBe(1024);
  for (const one of [second, third]) {
    one.state.end();
    await one.done;
  }
  expect(begin(shares, "build").state.memoryMb).toBe(2048);
});

it("makes nobody wait who only looks", () => {
  const shares = new EngineShares(2048);
  begin(shares, "build");
  begin(shares, "build");
  expect(begin(shares, "detect").state.memoryMb).toBe(2048);
});

it("begins at once what is cancelled while it waits, so that it says so", async () => {
  const shares = new EngineShares(2048);
  const others = [begin(shares, "build"), begin(shares, "build")];
  const cancelled = new AbortController();
  const work = shares.run("build", () => Promise.reject(new Error("cancelled")), cancelled.signal);
  cancelled.abort();
  await expect(work).rejects.toThrow("cancelled");
  for (const { state, done } of others) {
    state.end();
    await done;
  }
});
