import { systemClock } from "@finops/kernel/clock";
import { type Database, openDatabase } from "@finops/platform/db/database";
import { createSession } from "@finops/platform/identity/sessions";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { createTenant } from "@finops/platform/tenancy/tenants";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { expect } from "vitest";
import { WebSocket } from "ws";
import type { ProcessSet } from "./process-set.ts";

export interface ImportState {
  id: string;
  state: string;
  error: { message: string } | null;
}

type Sent = Omit<RequestInit, "headers"> & { headers?: Record<string, string>; duplex?: "half" };

/** A company and its owner, who ask several processes; `urls` may change meanwhile. */
export interface SetClient {
  tenantId: string;
  db: Database;
  signIn(): Promise<void>;
  ask(api: number, path: string, sent?: Sent): Promise<Response>;
  /** What came back. Fails where it is an error. */
  answer<T>(api: number, path: string, sent?: Sent): Promise<T>;
  /** Sends a bill, a large one in two pieces, each to another process; its import is not started. */
  upload(content: string): Promise<string>;
  /** Sends a bill and starts its import. */
  startImport(content: string): Promise<string>;
  stateOf(api: number, importId: string): Promise<string>;
  /** Waits until an import is done. */
  imported(importId: string): Promise<void>;
  /** Waits until an import failed, and returns what is said of it. */
  failed(importId: string): Promise<string | undefined>;
  /** What the month stands at, as one process says it. */
  billed(api: number): Promise<string | null>;
  /** A page that listens to one process: what it is told of, and with which code its connection ends. */
  listen(api: number): Promise<{ topics: string[]; ended: Promise<number> }>;
}

export async function createSetClient({ postgres }: ProcessSet, urls: readonly string[]): Promise<SetClient> {
  const db = openDatabase({ appUrl: postgres.appUrl, connectionsMax: 3 });
  const { id: tenantId } = await createTenant(db, { slug: "acme", name: "Acme" });
  let cookie = "";
  const client: SetClient = {
    tenantId,
    db,
    async signIn() {
      const userId = await ensureUser(db, { email: "ann@acme.example", name: "Ann" });
      await setMember(db, tenantId, userId, "owner");
      const { token } = await createSession(db, systemClock, { tenantId, userId, method: "test" });
      cookie = `__Host-finops_session=${token}`;
    },
    ask: (api, path, sent = {}) =>
      fetch(`${urls[api]}${path}`, {
        ...sent,
        headers: { cookie, "x-finops-request": "1", "content-type": "application/json", ...sent.headers },
      }),
    async answer<T>(api: number, path: string, sent?: Sent) {
      const response = await client.ask(api, path, sent);
      if (!response.ok) throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
      return (await response.json()) as T;
    },
    async upload(content) {
      const bytes = new TextEncoder().encode(content);
      const half = Math.min(8 * 1024 ** 2, bytes.length);
      const { id } = await client.answer<ImportState>(0, "/api/v1/imports", { method: "POST" });
      const pieces = [
        [0, 0, half],
        [1, half, bytes.length],
      ] as const;
      for (const [api, offset, end] of pieces.filter(([, start, behind]) => behind > start))
        await client.answer(api, `/api/v1/imports/${id}/file?name=may.csv`, {
          method: "PUT",
          body: bytes.slice(offset, end),
          headers: {
            "upload-offset": String(offset),
            "upload-length": String(bytes.length),
            "content-type": "application/octet-stream",
          },
        });
      return id;
    },
    async startImport(content) {
      const id = await client.upload(content);
      await client.answer(1, `/api/v1/imports/${id}/start`, { method: "POST", body: "{}" });
      return id;
    },
    stateOf: async (api, importId) => (await client.answer<ImportState>(api, `/api/v1/imports/${importId}`)).state,
    async imported(importId) {
      await expect.poll(() => client.stateOf(1, importId), { timeout: 80_000, interval: 200 }).toBe("done");
    },
    async failed(importId) {
      const state = () => client.answer<ImportState>(1, `/api/v1/imports/${importId}`);
      await expect
        .poll(async () => (await state()).state, { timeout: 40_000, interval: 100 })
        .not.toMatch(/^(queued|running)$/);
      return (await state()).error?.message;
    },
    async billed(api) {
      const query = { measures: ["billedCost"], period: { start: "2026-05-01", end: "2026-06-01" } };
      const { totals } = await client.answer<{ totals: { values: { billedCost: { value: string } } }[] }>(
        api,
        "/api/v1/cost/query",
        { method: "POST", body: JSON.stringify(query) },
      );
      return totals[0]?.values.billedCost.value ?? null;
    },
    async listen(api) {
      const url = urls[api]!;
      const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/live`, { headers: { cookie, origin: url } });
      const topics: string[] = [];
      const ended = new Promise<number>((resolve) => socket.on("close", resolve));
      await new Promise<void>((resolve, reject) => {
        socket.on("message", (data: Buffer) => {
          const { events = [] } = JSON.parse(data.toString()) as { events?: { topic: string }[] };
          topics.push(...events.map(({ topic }) => topic));
          resolve();
        });
        socket.on("error", reject);
      });
      return { topics, ended };
    },
  };
  await client.signIn();
  return client;
}

/** A bill of one row. */
export function smallBill(dollars: number): string {
  return focusBill([{ BilledCost: String(dollars), EffectiveCost: "0" }]);
}

/** A bill whose rows add up to that many dollars, larger than one piece of an upload. */
export function largeBill(dollars: number): string {
  const description = "An hour of a machine. ".repeat(180);
  const rows = Array.from({ length: 2_100 }, (_, index) => ({
    BilledCost: index === 0 ? String(dollars) : "0",
    EffectiveCost: "0",
    ResourceId: `i-${index}`,
    ChargeDescription: description,
  }));
  const bill = focusBill(rows);
  expect(bill.length).toBeGreaterThan(8 * 1024 ** 2);
  return bill;
}
