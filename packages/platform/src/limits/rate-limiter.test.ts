import { expect, it } from "vitest";
import { createRateLimiter } from "./rate-limiter.ts";

const limit = { quota: 3, windowSeconds: 60 };

function counting(bucketsMax?: number) {
  let now = 0;
  const limiter = createRateLimiter({ nowMs: () => now, ...(bucketsMax === undefined ? {} : { bucketsMax }) });
  return { take: (key = "ann") => limiter.take(key, limit), pass: (seconds: number) => (now += seconds * 1000) };
}

it("lets a burst up to the quota through, and says when to come again", async () => {
  const { take } = counting();
  expect(await take()).toEqual({ isAllowed: true, remaining: 2, resetSeconds: 20, retrySeconds: 0 });
  await take();
  expect(await take()).toEqual({ isAllowed: true, remaining: 0, resetSeconds: 60, retrySeconds: 0 });
  expect(await take()).toEqual({ isAllowed: false, remaining: 0, resetSeconds: 60, retrySeconds: 20 });
});

it("refills evenly, and never lets twice the quota through in one window", async () => {
  const { take, pass } = counting();
  let allowed = 0;
  for (let second = 0; second < 60; second += 1) {
    for (let request = 0; request < 5; request += 1) if ((await take()).isAllowed) allowed += 1;
    pass(1);
  }
  expect(allowed).toBe(5);
});

it("counts each key for itself, and forgets those that are full again", async () => {
  const { take, pass } = counting(2);
  for (const key of ["ann", "ann", "ann", "bob"]) expect((await take(key)).isAllowed).toBe(true);
  expect((await take("ann")).isAllowed).toBe(false);
  pass(60);
  for (const key of ["cara", "dan", "ann"]) expect((await take(key)).remaining).toBe(2);
});
