import { fixedClock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import { asPerson } from "@finops/platform/notices/as-person";
import { keepNotices, noticesMax } from "@finops/platform/notices/keep-notices";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { requestOrApply } from "@finops/platform/approvals/request-or-apply";
import { createDatabaseEvents } from "@finops/platform/events/database-events";
import { isFor } from "@finops/platform/events/topics";
import { createOutbox, type Outbox } from "@finops/platform/mail/outbox";
import type { Context } from "@finops/platform/tenancy/context";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import { afterAll, beforeAll, expect, it } from "vitest";
import { changeMember } from "../people/members.ts";
import { makePerson } from "../people/testing/people.ts";
import { resolveAlert } from "../alerts/alert-service.ts";
import { createEscalation } from "../alerts/chain-service.ts";
import { beginClimb, climbDue } from "../alerts/climb-service.ts";
import { AlertRuleDefinition } from "../alerts/contract.ts";
import { createAlertRule } from "../alerts/rule-service.ts";
import { setPolicies } from "../approvals/policies.ts";
import { decideChangeRequest } from "../approvals/service.ts";
import { budgetChanges, budgetPolicies, newBudgetChange } from "../budgets/change-service.ts";
import type { BudgetInput } from "../budgets/contract.ts";
import { evaluateCompany } from "../budgets/evaluation-service.ts";
import { listReaders } from "../budgets/mention-service.ts";
import { changeBudget, commentBudget, createBudget } from "../budgets/service.ts";
import { getInbox, readNotices } from "./service.ts";

let test: TestPipeline;
let ctx: Context;
let outbox: Outbox;

beforeAll(async () => {
  test = await createTestPipeline();
  const company = await test.company();
  const clock = fixedClock("2026-11-21T12:00:00Z");
  outbox = createOutbox({ clock, print: () => {} });
  ctx = { ...company, host: { ...company.host, clock, mail: outbox } };
  const row = {
    ServiceName: "Web",
    EffectiveCost: "30",
    BilledCost: "30",
    BillingPeriodStart: "2026-11-01T00:00:00Z",
    ChargePeriodStart: "2026-11-05T00:00:00Z",
    ChargePeriodEnd: "2026-11-06T00:00:00Z",
  };
  await test.importFiles(ctx, { "bill.csv": focusBill([row]) });
}, 60_000);
afterAll(() => test.close());

const input = (more: Partial<BudgetInput> = {}): BudgetInput => ({
  name: "Web",
  filter: { dimension: "serviceName", is: "Web" },
  currency: "USD",
  periods: { grain: "month", start: "2026-11-01" },
  amount: { kind: "fixed", amount: "50" },
  ...more,
});
const textsOf = async (who: Context) =>
  (await getInbox(who)).notices.map(({ kind, text }) => [kind, text]).toSorted(([a], [b]) => (a! < b! ? -1 : 1));

it("tells who is mentioned, in the application and by mail, and only who may see the budget", async () => {
  const [ann, bob, sam] = [
    await makePerson(ctx, "finops"),
    await makePerson(ctx, "viewer"),
    await makePerson(ctx, "viewer"),
  ];
  const mail = { dimension: "serviceName", is: "Mail" };
  await changeMember(ctx, sam.id, { scope: mail });
  const { id } = await createBudget(ctx, input());
  const readers = (await listReaders(ctx, id)).map((one) => one.id);
  expect([ann.id, bob.id, sam.id].map((one) => readers.includes(one))).toEqual([true, true, false]);

  const by = await ann.be();
  const text = `@${bob.name} is this ours?\r\nSubject: <b>x</b>`;
  await commentBudget(by, id, { text, mentionIds: [bob.id, bob.id] });
  expect(outbox.list()).toHaveLength(1);
  expect(outbox.list()[0]).toMatchObject({ to: bob.email, subject: `${ann.name} mentioned you on Web` });
  expect(outbox.list()[0]!.text).toContain(`/budgets/${id}`);
  const his = await bob.be();
  const { notices, unread } = await getInbox(his);
  const about = { kind: "budget", id, name: "Web" };
  expect(notices).toMatchObject([{ kind: "mention", text, byName: ann.name, about, isRead: false }]);
  expect(unread).toBe(1);

  for (const one of [sam.id, "nobody"])
    await expect(commentBudget(by, id, { text: "You?", mentionIds: [one] })).rejects.toMatchObject({ code: "invalid" });
  await readNotices(by, { ids: [notices[0]!.id] });
  await readNotices(by, {});
  expect((await getInbox(his)).unread).toBe(1);
  await readNotices(his, { ids: [notices[0]!.id] });
  expect(await getInbox(his)).toMatchObject({ unread: 0, notices: [{ isRead: true }] });
});

it("tells watchers of another state and another version, each by its last alone", async () => {
  const bob = await makePerson(ctx, "viewer");
  const watched = input({ name: "Watched", watcherIds: [bob.id] });
  const { id } = await createBudget(ctx, watched);
  const reader = new CostReader(test.store);
  const his = await bob.be();
  await evaluateCompany(ctx, reader);
  expect(await textsOf(his)).toEqual([]);
  const lower = { ...watched, amount: { kind: "fixed" as const, amount: "10" }, reason: "Less" };
  await changeBudget(ctx, id, { ...lower, version: 1 });
  await evaluateCompany(ctx, reader);
  await evaluateCompany(ctx, reader);
  expect(await textsOf(his)).toEqual([
    ["state", "It is over its limit."],
    ["version", "Less"],
  ]);
  await changeBudget(ctx, id, { ...watched, version: 2, reason: "As before" });
  await evaluateCompany(ctx, reader);
  expect(await textsOf(his)).toEqual([
    ["state", expect.stringMatching(/on track|expected to end over/)],
    ["version", "As before"],
  ]);
  // Of what he may not see any more, he is told nothing.
  await changeMember(ctx, bob.id, { scope: { dimension: "serviceName", is: "Mail" } });
  expect(await textsOf(await bob.be())).toEqual([]);
});

it("tells who is called for an alert, and that it is over, as one notice", async () => {
  const bob = await makePerson(ctx, "viewer");
  const steps = [{ afterMinutes: 0, to: { kind: "person" as const, personId: bob.id } }];
  const { id: escalationId } = await createEscalation(ctx, { name: "Bob", steps });
  const conditions = [{ kind: "cost-above" as const, currency: "USD", window: "day" as const, above: "40" }];
  const rule = await createAlertRule(ctx, { name: "Web is dear", conditions, escalationId });
  const [id, now] = [newId(), ctx.host.clock.now()];
  const ever = {
    overDays: 1,
    lastOverDay: null,
    times: 1,
    resolvedAt: null,
    snoozedUntil: null,
    isClosedByHand: false,
  };
  const told = { severity: "critical", title: "Web", message: "Web costs 50.", filters: [null], state: "firing" };
  await ctx.inTenant(async (tx) => {
    const life = { state: "firing", firedAt: now.toISOString(), ...ever };
    await tx.alert.create({ data: { id, ruleId: rule.id, subject: id, ...told, life, firedAt: now, changedAt: now } });
    const kept = await tx.alertRule.findFirstOrThrow({ where: { id: rule.id } });
    await beginClimb(tx, AlertRuleDefinition.parse(kept.definition), id, now);
  });
  await climbDue(ctx);
  const about = { kind: "alert", id, name: "Web" };
  const his = await bob.be();
  expect((await getInbox(his)).notices).toMatchObject([
    { kind: "called", text: "Web costs 50.", about, isRead: false },
  ]);
  await resolveAlert(ctx, id);
  expect((await getInbox(his)).notices).toMatchObject([{ kind: "over", about }]);
});

it("tells of what waits for somebody's approval for as long as it waits for them", async () => {
  const [ann, eve] = [await makePerson(ctx, "finops"), await makePerson(ctx, "owner")];
  // Nobody makes a policy that only one person could ever change.
  await makePerson(ctx, "owner");
  await setPolicies(ctx, budgetPolicies, {
    policies: { budgets: { people: 1, permission: "access:write" } },
  });
  const asked = await requestOrApply(await ann.be(), newBudgetChange, input({ name: "Asked for" }), "We need it");
  if (asked.isApplied) throw new Error("It was to wait.");
  const about = { kind: "request", id: asked.request.id };
  const hers = await eve.be();
  const ofRequest = async (who: Context) => (await getInbox(who)).notices.filter((one) => one.about.kind === "request");
  expect(await ofRequest(hers)).toMatchObject([{ kind: "approval", byName: ann.name, text: "We need it", about }]);
  expect(await ofRequest(await ann.be())).toEqual([]);
  await decideChangeRequest(hers, budgetChanges, asked.request.id, {
    decision: "approve",
    comment: "",
  });
  expect(await ofRequest(hers)).toEqual([]);
  await setPolicies(ctx, budgetPolicies, { policies: {} });
});

it("is one person's alone, for the database and for who listens", async () => {
  const [bob, eve] = [await makePerson(ctx, "viewer"), await makePerson(ctx, "owner")];
  const { id } = await createBudget(ctx, input({ name: "Private" }));
  const events = createDatabaseEvents(ctx.host.db);
  const { position } = await events.read(ctx.tenantId, null, []);
  const told = { about: { budgetId: id }, kind: "mention" as const, text: "You", byName: "Ann" };
  await ctx.inTenant((tx) => keepNotices(tx, [{ ...told, personIds: [bob.id] }], ctx.host.clock.now()));
  const { events: heard } = await events.read(ctx.tenantId, position, ["inbox"]);
  expect(heard).toMatchObject([{ topic: "inbox", key: bob.id, body: {} }]);
  expect(heard.map((event) => [isFor(bob.id, event), isFor(eve.id, event)])).toEqual([[true, false]]);

  await ctx.inTenant(async (tx) => {
    const countFor = (personId: string) => asPerson(tx, personId, () => tx.notice.count());
    expect([await countFor(bob.id), await countFor(eve.id), await tx.notice.count()]).toEqual([1, 0, 0]);
    const taken = await asPerson(tx, eve.id, () =>
      tx.notice.updateMany({ where: { personId: bob.id }, data: { personId: eve.id } }),
    );
    expect(taken.count).toBe(0);
  });
  const forged = ctx.inTenant((tx) =>
    asPerson(tx, eve.id, () =>
      tx.notice.createMany({
        data: [{ personId: bob.id, budgetId: id, kind: "mention", text: "", byName: "", at: ctx.host.clock.now() }],
      }),
    ),
  );
  await expect(forged).rejects.toThrow();

  const other = await test.company();
  const elsewhere = await other.inTenant((tx) => asPerson(tx, bob.id, () => tx.notice.count()));
  expect(elsewhere).toBe(0);
});

it("keeps the last of many", async () => {
  const bob = await makePerson(ctx, "viewer");
  const { id } = await createBudget(ctx, input({ name: "Talked about" }));
  const said = (text: string) => ({
    about: { budgetId: id },
    kind: "mention" as const,
    personIds: [bob.id],
    text,
    byName: "Ann",
  });
  const many = Array.from({ length: noticesMax + 5 }, (_, at) => said(`${at}`));
  await ctx.inTenant((tx) => keepNotices(tx, many, ctx.host.clock.now()));
  await ctx.inTenant((tx) => keepNotices(tx, [said("last")], new Date("2026-11-21T12:00:01Z")));
  const { notices, unread } = await getInbox(await bob.be());
  expect([notices.length, notices[0]!.text, unread]).toEqual([50, "last", noticesMax]);
});
