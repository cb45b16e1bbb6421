import { addDays, addMonths, monthOf } from "@finops/kernel/period";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createSession } from "@finops/platform/identity/sessions";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Company, createTwoCompanies, type TwoCompanies } from "./isolation/testing/two-companies.ts";

let two: TwoCompanies;
let ours: Company;

beforeAll(async () => {
  two = await createTwoCompanies();
  ours = two.ours;
}, 400_000);
afterAll(() => two.close());

interface Preview {
  period: { start: string; end: string };
  before: { permissions: { permission: string }[]; costs: { currency: string; amount: string }[] | null };
  after: Preview["before"];
  gained: string[];
  lost: string[];
}

it("previews what a person may do and sees with another scope, to the cent, and keeps nothing of it", async () => {
  const { db } = ours.ctx.host;
  const reader = await ensureUser(db, { email: "viewer@alphaworks.example", name: "" });
  await setMember(db, ours.tenantId, reader, "viewer");
  const { start } = monthOf(ours.ctx.host.clock.today());
  const period = { start: addMonths(start, -1), end: start };
  const row = {
    BillingPeriodStart: `${period.start}T00:00:00Z`,
    BillingPeriodEnd: `${period.end}T00:00:00Z`,
    ChargePeriodStart: `${period.start}T00:00:00Z`,
    ChargePeriodEnd: `${addDays(period.start, 1)}T00:00:00Z`,
  };
  await two.test.importFiles(ours.ctx, {
    "last-month.csv": focusBill([
      { ...row, ServiceName: "Amazon EC2" },
      { ...row, ServiceName: "Amazon S3" },
    ]),
  });
  const ask = (query: object) =>
    ours.ask<{
      rows: { key: { serviceName: string } }[];
      totals: { currency: string; values: { effectiveCost: { value: string } } }[];
    }>("POST", "/api/v1/cost/query", { body: { measures: ["effectiveCost"], period, ...query } });
  const service = (await ask({ groupBy: ["serviceName"] })).rows[0]!.key.serviceName;
  const scope = { dimension: "serviceName", is: service };
  const costs = async (query: object) =>
    (await ask(query)).totals.map(({ currency, values }) => ({ currency, amount: values.effectiveCost.value }));

  const body = { person: reader, scope, give: [] };
  const preview = await ours.ask<Preview>("POST", "/api/v1/access/preview", { body });
  expect(preview.period).toEqual(period);
  expect(preview.before.costs).toEqual(await costs({}));
  expect(preview.after.costs).toEqual(await costs({ filter: scope }));
  expect(preview.after.costs).not.toEqual(preview.before.costs);
  expect(preview.after.permissions.map(({ permission }) => permission).toSorted()).toEqual([
    "alerts:read",
    "costs:read",
  ]);
  expect(preview.lost).toEqual(["members:read", "sources:read"]);
  const more = await ours.ask<Preview>("POST", "/api/v1/access/preview", {
    body: { person: reader, role: "admin", give: [{ role: "auditor" }] },
  });
  expect(more.gained).toContain("audit:read");
  const made = await ours.ask<Preview>("POST", "/api/v1/access/preview", {
    body: {
      person: reader,
      role: "month-closer",
      permissionsOf: { role: "month-closer", permissions: ["imports:write"] },
    },
  });
  expect([made.gained, made.lost.length, made.after.costs]).toEqual([["imports:write"], 4, []]);
  const again = await ours.ask<Preview>("POST", "/api/v1/access/preview", { body: { person: reader } });
  expect(again.after).toEqual(preview.before);
  expect((await two.theirs.send("POST", "/api/v1/access/preview", { body })).status).toBe(404);
});

it("rolls bills back when somebody else approves it, where a policy says so", async () => {
  const { db } = two.test.database;
  const userId = await ensureUser(db, { email: "second@alphaworks.example", name: "Second" });
  await setMember(db, ours.tenantId, userId, "admin");
  const { token } = await createSession(db, two.test.host.clock, { tenantId: ours.tenantId, userId, method: "link" });
  const second = { cookie: `__Host-finops_session=${token}` };
  const policies = { "bill-rollbacks": { permission: "imports:write" } };
  await ours.ask("PUT", "/api/v1/approval-policies", { body: { policies } });

  const datasets = () =>
    ours.ask<{ periods: { position: string; billingPeriod: string }[] }>("GET", "/api/v1/datasets");
  const { periods } = await datasets();
  const october = periods
    .filter(({ billingPeriod }) => billingPeriod.startsWith("2026-10"))
    .map(({ position }) => position);
  const body = { position: october.at(-1)! };
  expect((await ours.send("POST", "/api/v1/datasets/rollback", { body: { position: "999999" } })).status).toBe(404);
  const asked = await ours.send("POST", "/api/v1/datasets/rollback", { body });
  expect([asked.status, (await datasets()).periods.length]).toEqual([202, periods.length]);
  const { request } = JSON.parse(asked.text) as { request: { id: string; summary: string } };
  expect(request.summary).toContain("2026-10");

  const path = `/api/v1/change-requests/${request.id}/decision`;
  expect((await ours.send("POST", path, { body: { decision: "approve" } })).status).toBe(403);
  expect((await two.theirs.send("POST", path, { body: { decision: "approve" } })).status).toBe(404);
  const decided = await ours.ask("POST", path, { body: { decision: "approve" }, headers: second });
  expect(decided).toMatchObject({ state: "applied", failure: null });
  expect((await datasets()).periods.length).toBe(periods.length + 1);
});
