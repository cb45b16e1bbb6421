import { Writable } from "node:stream";
import { createLog } from "@finops/platform/observe/log";
import { createRefusals } from "@finops/platform/audit/refusals";
import type { Host } from "@finops/platform/host";
import type { AppEnv } from "@finops/platform/http/app-env";
import { Hono } from "hono";
import { expect, it } from "vitest";
import { answerError } from "./answer-error.ts";

async function fail(path: string): Promise<{ body: unknown; log: string }> {
  let log = "";
  const destination = new Writable({
    write(chunk, _, done) {
      log += String(chunk);
      done();
    },
  });
  const host = { log: createLog({ destination }) } as unknown as Host;
  const door = { host, refusals: createRefusals() };
  const app = new Hono<AppEnv>();
  app.all("*", () => {
    throw new Error("the pool of 10.0.0.7 is closed");
  });
  app.onError((error, c) => answerError(door, error, c));
  const answer = await app.request(path);
  expect(answer.status).toBe(500);
  return { body: await answer.json(), log };
}

it("tells a defect to the log whole, and to the client as a sentence without its inside", async () => {
  const { body, log } = await fail("/api/v1/views");
  expect(log).toContain("10.0.0.7");
  expect(log).toContain("/api/v1/views");
  expect(body).toMatchObject({ code: "internal", requestId: expect.stringMatching(/./) });
  expect(JSON.stringify(body)).not.toContain("10.0.0.7");
});

it("never logs the token of a link, which may still sign somebody in", async () => {
  const { log } = await fail("/sign-in/this-is-a-token");
  expect(log).toContain("/sign-in/[redacted]");
  expect(log).not.toContain("this-is-a-token");
});
