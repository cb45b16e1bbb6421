import { createApiKey } from "@finops/platform/identity/api-keys";
import { createRateLimiter } from "@finops/platform/limits/rate-limiter";
import type { Context } from "@finops/platform/tenancy/context";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { defaultRateLimits, type RateLimits } from "./rate-limits.ts";
import { type Answer, createTestDoor, type TestDoor } from "./testing/test-door.ts";

let door: TestDoor;
let acme: Context;
let nowMs = 0;
const limits: RateLimits = {
  address: { quota: 100, windowSeconds: 60 },
  company: { quota: 50, windowSeconds: 60 },
  person: { quota: 5, windowSeconds: 60 },
  key: { quota: 5, windowSeconds: 60 },
  "sign-in": { quota: 3, windowSeconds: 600 },
  account: { quota: 2, windowSeconds: 600 },
};

beforeAll(async () => {
  door = await createTestDoor({ limits, limiter: createRateLimiter({ nowMs: () => nowMs }), trustedProxies: 1 });
  acme = await door.makeCompany("acme");
});
// Everything that was counted is forgotten.
beforeEach(() => {
  nowMs += 3_600_000;
});
afterAll(() => door.close());

const key = async (name: string, ratePerMinute: number | null = null) =>
  (await createApiKey(acme, { name, permissions: ["costs:read"], ratePerMinute })).key;
const ask = (sent: { key?: string; cookie?: string; address?: string }) => door.send("/api/v1/cost/catalog", sent);
const rates = ({ headers }: Answer) =>
  ["ratelimit-policy", "ratelimit", "retry-after"].map((name) => headers.get(name));

async function askOften(times: number, sent: Parameters<typeof ask>[0]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let count = 0; count < times; count += 1) answers.push(await ask(sent));
  return answers;
}

describe("a limit", () => {
  it("is told with every answer, and says when to come again", async () => {
    const one = await key("one");
    expect(rates(await ask({ key: one, address: "192.0.2.1" }))).toEqual([
      '"address";q=100;w=60, "company";q=50;w=60, "key";q=5;w=60',
      '"address";r=99;t=1, "company";r=49;t=2, "key";r=4;t=12',
      null,
    ]);
    await askOften(4, { key: one });
    const refused = await ask({ key: one });
    expect([refused.status, refused.json["code"], refused.json["facts"]]).toEqual([
      429,
      "limit",
      { limit: "key", retryAfterSeconds: 12 },
    ]);
    expect(rates(refused)[2]).toBe("12");
    nowMs += 12_000;
    expect((await ask({ key: one })).status).toBe(200);
  });

  it("of one key or person is not another's, and a key may have its own", async () => {
    const [one, other, slow] = [await key("one"), await key("other"), await key("slow", 1)];
    const statuses = async (times: number, sent: Parameters<typeof ask>[0]) =>
      (await askOften(times, sent)).map(({ status }) => status);
    expect(await statuses(6, { key: one })).toEqual([200, 200, 200, 200, 200, 429]);
    expect(await statuses(2, { key: other })).toEqual([200, 200]);
    expect(await statuses(2, { key: slow })).toEqual([200, 429]);
    const cookie = await door.signIn(acme, await door.makePerson(acme, "Ann", "owner"));
    expect(await statuses(6, { cookie })).toEqual([200, 200, 200, 200, 200, 429]);
  });

  it("of a company holds for all of its keys together, and leaves other companies alone", async () => {
    const beta = await door.makeCompany("beta");
    const { key: others } = await createApiKey(beta, { name: "CI", permissions: ["costs:read"] });
    const many = await Promise.all(Array.from({ length: 11 }, (_, count) => key(`key ${count}`)));
    const answers: number[] = [];
    for (const one of many) answers.push(...(await askOften(5, { key: one })).map(({ status }) => status));
    expect(answers.filter((status) => status === 429)).toHaveLength(5);
    expect((await ask({ key: others })).status).toBe(200);
  });

  it("of an address counts before anything is looked up, and a forged header escapes it not", async () => {
    let refused = 0;
    for (let count = 0; count < 110; count += 1) {
      const headers = { "x-forwarded-for": `198.51.100.${count}, 203.0.113.7` };
      if ((await door.send("/api/v1/cost/catalog", { key: `finops_guess${count}`, headers })).status === 429)
        refused += 1;
    }
    expect(refused).toBe(10);
  });

  it("of signing in holds for an address, whether the links are good ones or not", async () => {
    const sent = { address: "192.0.2.50" };
    const tries = await Promise.all([1, 2, 3, 4].map((count) => door.send(`/sign-in/guess${count}`, sent)));
    expect(tries.filter(({ status }) => status === 410)).toHaveLength(3);
    expect(tries.filter(({ status }) => status === 429)).toHaveLength(1);
    expect((await door.send("/sign-in/guess", { address: "192.0.2.51" })).status).toBe(410);
  });

  it("holds nobody back who works: 50 people, each of whom opens a dashboard of 12 tiles every 5 seconds", () => {
    const requestsAMinute = 50 * 12 * 12;
    expect(defaultRateLimits.company.quota).toBeGreaterThan(2 * requestsAMinute);
    expect(defaultRateLimits.address.quota).toBeGreaterThan(2 * requestsAMinute);
    expect(defaultRateLimits.key.quota).toBeGreaterThan(2 * requestsAMinute);
  });
});

describe("every kind of answer", () => {
  const kinds: Record<string, () => Promise<Answer>> = {
    "a page of health": () => door.send("/healthz"),
    "of the API": async () => ask({ key: await key("headers") }),
    "to nobody": () => door.send("/api/v1/cost/catalog"),
    "that refuses": async () => door.send("/api/v1/members", { key: await key("reader") }),
    "of an unknown address": async () => door.send("/api/v1/nothing", { key: await key("lost") }),
    "outside of the API": () => door.send("/nowhere"),
    "of a link that is used up": () => door.send("/sign-in/none"),
    "that redirects": async () => {
      const { signIn } = door;
      const id = await door.makePerson(acme, "Dora", "viewer");
      await signIn(acme, id);
      return door.send("/sign-in/none", { method: "HEAD" });
    },
    "of a session": () => door.send("/api/session"),
    "of published keys": () => door.send("/.well-known/jwks.json"),
    "of the documentation": () => door.send("/docs/api"),
    "of its style": () => door.send("/docs/errors"),
    "with too many requests": async () => (await askOften(6, { key: await key("busy") })).at(-1)!,
    "with a body that is too large": async () =>
      door.send("/api/v1/views", { key: await key("large"), body: { name: "x".repeat(3_000_000) } }),
  };

  it.each(Object.keys(kinds))("%s has the headers that keep a browser safe", async (kind) => {
    const { headers } = await kinds[kind]!();
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toMatch(/frame-ancestors 'none'/);
    expect(headers.get("content-security-policy")).not.toContain("unsafe");
    expect(headers.get("referrer-policy")).toBe("same-origin");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("permissions-policy")).toContain("camera=()");
    expect(headers.get("x-request-id")).toMatch(/^[\w-]{8,64}$/);
  });

  it("says over https that the host is https alone, and says so for no machine's own localhost", async () => {
    const hsts = async (url: string, headers = {}) =>
      (await door.send(url, { headers })).headers.get("strict-transport-security");
    expect(await hsts("https://finops.example/healthz")).toBe("max-age=31536000; includeSubDomains");
    expect(
      await hsts("http://10.0.0.7/healthz", { "x-forwarded-proto": "https", "x-forwarded-host": "finops.example" }),
    ).toContain("max-age");
    expect(await hsts("https://localhost:3000/healthz")).toBeNull();
    expect(await hsts("http://finops.example/healthz")).toBeNull();
  });
});
