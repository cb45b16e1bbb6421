import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { readSettings, writeSettings } from "./company-settings.ts";
import { createTenant } from "./tenants.ts";

const sessions = { key: "sessions", schema: z.object({ idleMinutes: z.int().default(60) }) };
const network = { key: "network", schema: z.object({ addresses: z.array(z.string()).default([]) }) };

let test: TestDatabase;
let tenantId: string;

beforeAll(async () => {
  test = await createTestDatabase();
  tenantId = (await createTenant(test.db, { slug: "acme", name: "Acme" })).id;
});
afterAll(() => test.drop());

it("has the defaults until a section is written, and leaves the other sections alone", async () => {
  expect(await test.db.inTenant(tenantId, (tx) => readSettings(tx, tenantId, sessions))).toEqual({ idleMinutes: 60 });
  await test.db.inTenant(tenantId, (tx) => writeSettings(tx, tenantId, sessions, { idleMinutes: 5 }));
  await test.db.inTenant(tenantId, (tx) => writeSettings(tx, tenantId, network, { addresses: ["10.0.0.0/8"] }));
  expect(
    await test.db.inTenant(tenantId, async (tx) => [
      await readSettings(tx, tenantId, sessions),
      await readSettings(tx, tenantId, network),
    ]),
  ).toEqual([{ idleMinutes: 5 }, { addresses: ["10.0.0.0/8"] }]);
});
