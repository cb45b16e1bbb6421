import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silentLog } from "../observe/log.ts";
import { openTestProcess, startTestRedis, type TestRedis } from "../testing/redis-server.ts";
import { createRedisAnswers, type RedisAnswers } from "./redis-answers.ts";
import type { SharedRedis } from "./shared-redis.ts";

const answer = JSON.stringify({ rows: [{ serviceName: "Amazon EKS", billedCost: "12.340000000000000001" }] });
const key = randomBytes(32);

let server: TestRedis;
const opened: SharedRedis[] = [];

beforeEach(async () => {
  server = await startTestRedis();
});
afterEach(async () => {
  for (const redis of opened.splice(0)) redis.close();
  await server.stop();
});

async function openProcess({
  ownKey = key,
  pauseMs = 50,
  keepSeconds = 60,
  answerMaxMs = 10_000,
} = {}): Promise<RedisAnswers> {
  const redis = await openTestProcess({ url: server.url, prefix: "finops", log: silentLog, answerMaxMs });
  opened.push(redis);
  return createRedisAnswers({ redis, key: () => ownKey, log: silentLog, pauseMs, keepSeconds });
}

const onlyName = async () => ((await server.call("KEYS", "*")) as string[])[0]!;

describe("answers in a Redis", () => {
  it("are known to every process with the same key, for a while", async () => {
    const [one, other] = [await openProcess(), await openProcess()];
    await one.put("question", answer);
    expect([await other.get("question"), await other.get("another question")]).toEqual([answer, null]);
    expect(await server.call("TTL", await onlyName())).toBeLessThanOrEqual(60);
  });

  it("tell nobody a cost who reads Redis", async () => {
    await (await openProcess()).put("what does Amazon EKS cost?", answer);
    const kept = `${await onlyName()} ${String(await server.call("GET", await onlyName()))}`;
    expect(kept).not.toMatch(/EKS|12\.34|serviceName/);
  });

  it("do not open when they were changed, moved to another question, or sealed with another key", async () => {
    const process = await openProcess();
    await process.put("one", answer);
    const one = await onlyName();
    await process.put("two", JSON.stringify({ rows: [] }));
    const two = ((await server.call("KEYS", "*")) as string[]).find((name) => name !== one)!;
    expect(await (await openProcess({ ownKey: randomBytes(32) })).get("one")).toBeNull();
    await server.call("COPY", two, one, "REPLACE");
    expect(await process.get("one")).toBeNull();
    await server.call("SETRANGE", two, "40", "x");
    expect(await process.get("two")).toBeNull();
    await server.call("SET", one, "short");
    expect(await process.get("one")).toBeNull();
  });

  it("are not kept beyond a mebibyte", async () => {
    const process = await openProcess();
    await process.put("long", "x".repeat(1024 ** 2 + 1));
    expect([await process.get("long"), await server.call("DBSIZE")]).toEqual([null, 0]);
  });

  it("are worked out again while Redis is away, without waiting for it each time, and shared again after it", async () => {
    const process = await openProcess();
    await server.kill();
    await process.put("question", answer);
    expect(await process.get("question")).toBeNull();
    await server.restart();
    await expect
      .poll(async () => {
        await process.put("question", answer);
        return process.get("question");
      })
      .toBe(answer);
  });
});
