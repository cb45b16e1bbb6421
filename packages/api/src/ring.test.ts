import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { OnNotice } from "@finops/platform/events/notices";
import type { Context } from "@finops/platform/tenancy/context";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { ringInFront } from "./ring.ts";
import { createTestDoor, type TestDoor } from "./testing/test-door.ts";

let door: TestDoor;
/** The host in front, as it is reached over a network. */
let front: Server;
let acme: Context;
let rung: string[] = [];
let heard: { seal: string; status: number }[] = [];
let notice: OnNotice;
let stop: () => void;

beforeAll(async () => {
  door = await createTestDoor({ changed: (tenantId) => rung.push(tenantId) });
  acme = await door.makeCompany("acme");
  front = createServer((asked, answer) => {
    const seal = asked.headers["x-finops-ring"] as string;
    void ring(seal).then((status) => {
      heard.push({ seal, status });
      answer.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  const notices = { listen: (onNotice: OnNotice) => Promise.resolve(((notice = onNotice), () => undefined)) };
  stop = await ringInFront(door.host, notices, origin);
});
beforeEach(() => {
  [rung, heard] = [[], []];
});
afterAll(async () => {
  stop();
  front.close();
  await door.close();
});

async function ring(seal?: string): Promise<number> {
  return (
    await door.send("/api/ring", { method: "POST", headers: seal === undefined ? {} : { "x-finops-ring": seal } })
  ).status;
}

it("tells the host in front of a company with news, once for what comes together", async () => {
  notice("changed", acme.tenantId);
  notice("access", acme.tenantId);
  await expect.poll(() => heard.map(({ status }) => status)).toEqual([204]);
  expect(rung).toEqual([acme.tenantId]);
  notice("changed", acme.tenantId);
  await expect.poll(() => rung).toEqual([acme.tenantId, acme.tenantId]);
});

it("believes nobody who could not seal it, nor what was sealed a while ago", async () => {
  notice("changed", acme.tenantId);
  await expect.poll(() => heard).toHaveLength(1);
  const { seal } = heard[0]!;
  expect([await ring(), await ring("made up"), await ring(`${seal.slice(0, -9)}A${seal.slice(-8)}B`)]).toEqual([
    403, 403, 403,
  ]);
  door.pass(3);
  expect(await ring(seal)).toBe(403);
  expect(rung).toHaveLength(1);
});

it("has no such way in where notices of the database are heard", async () => {
  const other = await createTestDoor();
  try {
    expect((await other.send("/api/ring", { method: "POST" })).status).toBe(404);
  } finally {
    await other.close();
  }
});
