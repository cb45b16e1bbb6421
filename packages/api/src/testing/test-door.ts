import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "@finops/kernel/clock";
import { allPermissions } from "@finops/platform/access/permissions";
import { createRefusals, type Refusals } from "@finops/platform/audit/refusals";
import type { Host } from "@finops/platform/host";
import { createSignInLink } from "@finops/platform/identity/sign-in-links";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { createOutbox, type Outbox } from "@finops/platform/mail/outbox";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { createTenant } from "@finops/platform/tenancy/tenants";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { createTestHost } from "@finops/platform/testing/test-host";
import { DuckDBStore } from "@finops/warehouse/engines/duckdb/duckdb-store";
import { type ApiParts, createApi } from "../app.ts";

/** The door with a real database behind it and a clock that the test turns. */
export interface TestDoor {
  test: TestDatabase;
  host: Host;
  outbox: Outbox;
  refusals: Refusals;
  api: ReturnType<typeof createApi>;
  /** Turns the clock on. */
  pass(minutes: number): void;
  makeCompany(slug: string): Promise<Context>;
  makePerson(ctx: Context, name: string, role: string): Promise<string>;
  /** Signs somebody in by a link from a terminal, and returns the Cookie header. */
  signIn(ctx: Context, userId: string, sent?: SignInSent): Promise<string>;
  send(path: string, sent?: Sent): Promise<Answer>;
  close(): Promise<void>;
}

export interface Sent {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  cookie?: string;
  key?: string;
  address?: string;
}

interface SignInSent extends Pick<Sent, "headers" | "address"> {
  remember?: boolean;
}

export interface Answer {
  status: number;
  headers: Headers;
  // What a test reads out of an answer is its own to say.
  json: Record<string, unknown>;
  text: string;
}

/** @param baseUrl where people reach the platform */
export async function createTestDoor(
  parts: Partial<ApiParts> = {},
  baseUrl: string = "http://localhost:3000",
): Promise<TestDoor> {
  const test = await createTestDatabase();
  const root = mkdtempSync(join(tmpdir(), "finops-door-"));
  const store = new DuckDBStore({ root, threads: 1, memoryMb: 256, tenantsMax: 1, generationsMax: 1, timeoutMs: 5000 });
  let now = new Date("2026-11-22T12:00:00Z");
  const clock: Clock = { now: () => now, today: () => now.toISOString().slice(0, 10) };
  const outbox = createOutbox({ clock, print: () => {} });
  const host: Host = { ...createTestHost({ db: test.db, clock }), mail: outbox, baseUrl };
  const refusals = createRefusals();
  const api = createApi({
    host,
    store,
    refusals,
    engine: null,
    isReady: () => Promise.resolve(true),
    local: {
      localKey: "key-of-this-machine",
      createLink: () => Promise.resolve("http://localhost/sign-in/none"),
      removeCompany: () => Promise.resolve(),
      rotateSecrets: () => Promise.resolve({ rewrapped: 0, source: "file" }),
      renewDataKeys: () => Promise.resolve(0),
    },
    addressOf: (c) => c.req.header("x-test-address") ?? null,
    ...parts,
  });

  const send: TestDoor["send"] = async (path, sent = {}) => {
    const { body, method = body === undefined ? "GET" : "POST", headers = {}, cookie, key, address } = sent;
    const answer = await api.request(path, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(cookie === undefined ? {} : { cookie, "x-finops-request": "1" }),
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(address === undefined ? {} : { "x-test-address": address }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = (text.startsWith("{") ? JSON.parse(text) : {}) as Record<string, unknown>;
    return { status: answer.status, headers: answer.headers, json, text };
  };

  return {
    test,
    host,
    outbox,
    refusals,
    api,
    send,
    pass: (minutes) => (now = new Date(now.getTime() + minutes * 60_000)),
    async makeCompany(slug) {
      const { id: tenantId } = await createTenant(test.db, { slug, name: slug });
      const actor = { kind: "system", id: "test", name: "test" } as const;
      return createContext(host, { tenantId, actor, via: "system", permissions: allPermissions });
    },
    async makePerson({ tenantId }, name, role) {
      const id = await ensureUser(test.db, { email: `${name.toLowerCase()}@example.com`, name });
      await setMember(test.db, tenantId, id, role);
      return id;
    },
    async signIn({ tenantId }, userId, { remember = false, ...sent } = {}) {
      const { token } = await createSignInLink(test.db, clock, { tenantId, userId }, { kind: "terminal" });
      const { headers } = await send(`/sign-in/${token}${remember ? "?remember=1" : ""}`, sent);
      return headers.get("set-cookie")!.split(";")[0]!;
    },
    async close() {
      await store.close();
      rmSync(root, { recursive: true, force: true });
      await test.drop();
    },
  };
}
