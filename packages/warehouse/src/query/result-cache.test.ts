import { describe, expect, it } from "vitest";
import { ResultCache, type SharedAnswers } from "./result-cache.ts";

const never = new Promise<string>(() => undefined);

describe("the cache of answers", () => {
  it("answers again from memory, with a copy that nobody else can change", async () => {
    const cache = new ResultCache({ bytesMax: 100_000 });
    const first = await cache.get("k", async () => ({ rows: [1] }));
    first.value.rows.push(2);
    const second = await cache.get("k", async () => ({ rows: [9] }));
    expect(first.fromCache).toBe(false);
    expect(second).toEqual({ value: { rows: [1] }, fromCache: true });
  });

  it("works out what many ask at once a single time", async () => {
    const cache = new ResultCache({ bytesMax: 100_000 });
    let runs = 0;
    const ask = () => cache.get("k", async () => ++runs);
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.map((answer) => answer.value)).toEqual([1, 1, 1]);
    expect(answers.map((answer) => answer.fromCache)).toEqual([false, true, true]);
  });

  it("lets nobody wait for another one where whoever asks may be cut off", async () => {
    const cache = new ResultCache({ bytesMax: 100_000, waitsForOthers: false });
    void cache.get("k", () => never);
    expect(await cache.get("k", async () => "own")).toEqual({ value: "own", fromCache: false });
    expect(await cache.get("k", () => never)).toEqual({ value: "own", fromCache: true });
  });

  it("forgets the answer unused for longest when its bytes are used up", async () => {
    const cache = new ResultCache({ bytesMax: 2000 });
    const ask = async (key: string) => (await cache.get(key, async () => "x".repeat(60))).fromCache;
    for (let index = 0; index < 15; index += 1) await ask(`key ${index}`);
    await ask("key 1");
    await ask("key 20");
    expect([await ask("key 1"), await ask("key 20"), await ask("key 0")]).toEqual([true, true, false]);
  });

  it("does not keep an answer that would push out many others, nor one that failed", async () => {
    const cache = new ResultCache({ bytesMax: 2000 });
    await cache.get("big", async () => "x".repeat(500));
    await cache.get("bad", () => Promise.reject(new Error("no"))).catch(() => undefined);
    expect((await cache.get("big", async () => "small")).value).toBe("small");
    expect(await cache.get("bad", async () => "good")).toEqual({ value: "good", fromCache: false });
  });

  it("goes on for the others when one is gone, and stops when all are", async () => {
    const cache = new ResultCache({ bytesMax: 2000 });
    const [one, two] = [new AbortController(), new AbortController()];
    let stopped = false;
    const compute = (signal: AbortSignal) => {
      signal.addEventListener("abort", () => (stopped = true));
      return never;
    };
    const first = cache.get("k", compute, one.signal);
    const second = cache.get("k", compute, two.signal);
    one.abort();
    await expect(first).rejects.toMatchObject({ code: "precondition" });
    expect(stopped).toBe(false);
    two.abort();
    await expect(second).rejects.toMatchObject({ code: "precondition" });
    expect(stopped).toBe(true);
    expect((await cache.get("k", async () => "anew")).value).toBe("anew");
  });

  it("takes what another process has worked out, and tells it of its own", async () => {
    const kept = new Map<string, string>();
    const shared: SharedAnswers = {
      get: async (question) => kept.get(question) ?? null,
      put: async (question, answer) => void kept.set(question, answer),
    };
    const [one, other] = [new ResultCache({ bytesMax: 2000, shared }), new ResultCache({ bytesMax: 2000, shared })];
    const asked = [await one.get("k", async () => [1]), await other.get("k", async () => [2])];
    expect(asked).toEqual([
      { value: [1], fromCache: false },
      { value: [1], fromCache: true },
    ]);
    await one.get("bad", () => Promise.reject(new Error("no"))).catch(() => undefined);
    expect([...kept.keys()]).toEqual(["k"]);
  });
});
