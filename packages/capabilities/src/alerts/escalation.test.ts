import { newId } from "@finops/kernel/id";
import type { Outbox } from "@finops/platform/mail/outbox";
import type { Context } from "@finops/platform/tenancy/context";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createOnCall, deleteOnCall, listShifts } from "../on-call/service.ts";
import { makeCompany, makePerson, movedClock, type MovedClock } from "../people/testing/people.ts";
import { acknowledgeAlert, getAlert, resolveAlert, snoozeAlert } from "./alert-service.ts";
import { chainsOfSchedule, createEscalation, deleteEscalation, listEscalations } from "./chain-service.ts";
import { createChannel } from "./channel-service.ts";
import { beginClimb, climbDue } from "./climb-service.ts";
import { nextStepAt, stepAfter } from "./climb.ts";
import { AlertRuleDefinition, EscalationDefinition, type EscalationInput } from "./contract.ts";
import { listDeliveries } from "./delivery-log-service.ts";
import { deliverDue } from "./delivery-service.ts";
import { askForDueTelling } from "./jobs.ts";
import { getNoiseReport } from "./noise-service.ts";
import { changeAlertRule, createAlertRule, deleteAlertRule, getAlertRule } from "./rule-service.ts";
import { wakeDue } from "./wake-service.ts";

let test: TestDatabase;
let clock: MovedClock;
let ctx: Context;
let outbox: Outbox;
let [ada, bob] = [] as unknown as [Person, Person];
type Person = Awaited<ReturnType<typeof makePerson>>;

beforeAll(async () => {
  test = await createTestDatabase();
  clock = movedClock("2026-11-09T08:00:00Z");
  ({ ctx, outbox } = await makeCompany(test, clock));
  ada = await makePerson(ctx, "admin");
  bob = await makePerson(ctx, "admin");
});
afterAll(() => test.drop());

const minutes = (count: number) => (clock.at = new Date(clock.at.getTime() + count * 60_000));
const person = ({ id }: Person) => ({ kind: "person" as const, personId: id });
const chain = (input: Omit<EscalationInput, "name">, name = `Chain ${newId()}`) =>
  createEscalation(ctx, { name, ...input });
const web = { dimension: "serviceName", is: "Web" };
const conditions = [{ kind: "cost-above" as const, currency: "USD", window: "day" as const, above: "40" }];

/** An alert that fires now, of a rule with this chain. */
async function fire(escalationId: string, more: object = {}): Promise<string> {
  const rule = await createAlertRule(ctx, { name: "Web is dear", conditions, escalationId, ...more });
  return fireOf(rule.id);
}

async function fireOf(ruleId: string): Promise<string> {
  const [id, now] = [newId(), clock.now()];
  const life = {
    state: "firing",
    overDays: 1,
    lastOverDay: null,
    times: 1,
    firedAt: now.toISOString(),
    resolvedAt: null,
    snoozedUntil: null,
    isClosedByHand: false,
  };
  const told = { severity: "critical", title: "Web", message: "Web costs 50.", filters: [null], state: "firing" };
  await ctx.inTenant(async (tx) => {
    await tx.alert.create({ data: { id, ruleId, subject: id, ...told, life, firedAt: now, changedAt: now } });
    await tx.alertEvent.create({
      data: { id: newId(now.getTime()), alertId: id, what: "fired", message: "", at: now },
    });
    const rule = await tx.alertRule.findFirstOrThrow({ where: { id: ruleId } });
    await beginClimb(tx, AlertRuleDefinition.parse(rule.definition), id, now);
  });
  return id;
}

/** Whom mails went to since the last time, and of what. */
let seen = 0;
async function mailed(): Promise<string[]> {
  await deliverDue(ctx);
  const all = outbox.list().toReversed();
  const fresh = all
    .slice(seen)
    .map(({ to, subject }) => `${to === ada.email ? "ada" : to === bob.email ? "bob" : to}: ${subject}`);
  seen = all.length;
  return fresh;
}
const history = async (id: string) =>
  (await getAlert(ctx, id)).events
    .filter(({ what }) => what !== "fired")
    .map(({ what, message }) => (what === "escalated" || what === "passed-over" ? message : what));

describe("the steps of a chain", () => {
  const definition = EscalationDefinition.parse({
    steps: [
      { afterMinutes: 0, to: { kind: "channel", channelId: "c" } },
      { afterMinutes: 15, to: { kind: "person", personId: "p" } },
    ],
    repeats: 1,
    repeatAfterMinutes: 10,
  });
  it("come after so many minutes, and all of them once more after the last", () => {
    const told = [0, 1, 2, 3, 4].map((count) => stepAfter(definition, count)?.afterMinutes ?? null);
    expect(told).toEqual([0, 15, 25, 40, null]);
  });

  it("wait for the end of quiet hours", () => {
    const quiet = { from: "22:00", to: "07:00", timeZone: "Europe/Berlin", weekends: false };
    const climb = { since: "2026-11-09T20:50:00.000Z", told: 1, recipients: [] };
    expect(nextStepAt(definition, climb, quiet)?.toISOString()).toBe("2026-11-10T06:00:00.000Z");
    expect(nextStepAt(definition, climb, null)?.toISOString()).toBe("2026-11-09T21:05:00.000Z");
  });
});

describe("an alert that nobody looks after", () => {
  it("climbs its chain step by step, each told once, until somebody acknowledges it", async () => {
    const { id: escalationId } = await chain({
      steps: [
        { afterMinutes: 5, to: person(ada) },
        { afterMinutes: 15, to: person(bob) },
      ],
      repeats: 1,
    });
    const alert = await fire(escalationId);
    expect(await climbDue(ctx)).toEqual({ steps: 0 });
    minutes(5);
    await askForDueTelling(ctx.host);
    await askForDueTelling(ctx.host);
    expect(await ctx.inTenant((tx) => tx.workItem.count({ where: { kind: "tell-alerts" } }))).toBe(1);
    // Two processes that come at once tell it once.
    const both = await Promise.all([climbDue(ctx), climbDue(ctx)]);
    expect(both[0].steps + both[1].steps).toBe(1);
    expect(await mailed()).toEqual(["ada: Nobody looks after it: Web is dear: Web"]);
    minutes(10);
    await climbDue(ctx);
    expect(await mailed()).toEqual(["bob: Nobody looks after it: Web is dear: Web"]);
    minutes(1);
    await acknowledgeAlert(await bob.be(), alert);
    minutes(600);
    expect(await climbDue(ctx)).toEqual({ steps: 0 });
    expect(await history(alert)).toEqual([
      "acknowledged",
      expect.stringMatching(/^Step 2 of "Chain .*" tells admin/),
      expect.stringMatching(/^Step 1 of/),
    ]);
    // Who was called hears that it is over.
    await resolveAlert(ctx, alert);
    expect((await mailed()).toSorted()).toEqual(["ada: Resolved: Web is dear: Web", "bob: Resolved: Web is dear: Web"]);
  });

  it("is told of in order and once by a process that comes an hour late, also after it died between", async () => {
    const { id: escalationId } = await chain({
      steps: [
        { afterMinutes: 0, to: person(ada) },
        { afterMinutes: 10, to: person(bob) },
      ],
      repeats: 1,
      repeatAfterMinutes: 20,
    });
    await fire(escalationId);
    minutes(60);
    const dying = new AbortController();
    let asked = 0;
    const signal = {
      throwIfAborted: () => (asked++ === 2 ? dying.abort(new Error("killed")) : null, dying.signal.throwIfAborted()),
    };
    await expect(climbDue(ctx, signal as unknown as AbortSignal)).rejects.toThrow("killed");
    expect(await climbDue(ctx)).toEqual({ steps: 2 });
    expect((await mailed()).map((one) => one.slice(0, 3))).toEqual(["ada", "bob", "ada", "bob"]);
    expect(await climbDue(ctx)).toEqual({ steps: 0 });
    const keys = (await ctx.inTenant((tx) => tx.alertDelivery.findMany({ where: { key: { not: null } } }))).map(
      ({ key }) => key,
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("calls who is on call, stops while it is snoozed, and stops with its rule's chain", async () => {
    const schedule = await createOnCall(ctx, {
      name: "Weekdays",
      timeZone: "Europe/Berlin",
      people: [{ personId: bob.id }, { personId: ada.id }],
      handOver: { every: "day", at: "09:00" },
      start: "2026-11-01",
    });
    expect((await listShifts(ctx, schedule.id, {})).length).toBeGreaterThan(40);
    const { id: escalationId } = await chain({
      steps: [{ afterMinutes: 0, to: { kind: "on-call", scheduleId: schedule.id } }],
      repeats: 10,
      repeatAfterMinutes: 24 * 60,
    });
    const alert = await fire(escalationId);
    await climbDue(ctx);
    const [first] = await mailed();
    minutes(24 * 60);
    await climbDue(ctx);
    const [second] = await mailed();
    expect(new Set([first!.slice(0, 3), second!.slice(0, 3)])).toEqual(new Set(["ada", "bob"]));
    expect((await history(alert))[0]).toMatch(/who is on call by Weekdays\.$/);
    await snoozeAlert(ctx, alert, { hours: 4 });
    minutes(48 * 60);
    expect(await climbDue(ctx)).toEqual({ steps: 0 });
    const again = await fire(escalationId);
    const { rule } = await getAlert(ctx, again);
    const { version } = await getAlertRule(ctx, rule!.id);
    await changeAlertRule(ctx, rule!.id, { name: "Web is dear", conditions, version });
    await climbDue(ctx);
    expect(await mailed()).toEqual([]);
    await expect(deleteOnCall(ctx, schedule.id, 1, chainsOfSchedule)).rejects.toThrow(
      "People are called by this schedule",
    );
  });

  it("passes over who left or may not see its costs, and says so", async () => {
    const [left, scoped] = [await makePerson(ctx, "admin"), await makePerson(ctx, "viewer")];
    const channel = await createChannel(ctx, { name: "Off", target: { kind: "email", to: [ada.email] }, isOn: false });
    const { id: escalationId } = await chain({
      steps: [
        { afterMinutes: 0, to: person(left) },
        { afterMinutes: 0, to: person(scoped) },
        { afterMinutes: 0, to: { kind: "channel", channelId: channel.id } },
        { afterMinutes: 0, to: person(ada) },
      ],
    });
    await ctx.inTenant(async (tx) => {
      await tx.membership.updateMany({ where: { userId: left.id }, data: { deactivatedAt: clock.now() } });
      const scope = { dimension: "serviceName", is: "Mail" };
      await tx.membership.updateMany({ where: { userId: scoped.id }, data: { scope } });
    });
    const alert = await fire(escalationId);
    expect(await climbDue(ctx)).toEqual({ steps: 4 });
    expect(await mailed()).toEqual(["ada: Nobody looks after it: Web is dear: Web"]);
    expect((await history(alert)).join("\n")).toMatch(/left the company/);
    expect((await history(alert)).join("\n")).toMatch(/may not see the costs/);
    expect((await history(alert)).join("\n")).toMatch(/channel Off is off/);
    // What was called before somebody left is not sent after them.
    const { id: later } = await chain({ steps: [{ afterMinutes: 0, to: person(bob) }] });
    minutes(1);
    await fire(later);
    await climbDue(ctx);
    await ctx.inTenant((tx) =>
      tx.membership.updateMany({ where: { userId: bob.id }, data: { deactivatedAt: clock.now() } }),
    );
    expect(await mailed()).toEqual([]);
    expect((await listDeliveries(ctx)).deliveries[0]).toMatchObject({
      state: "dead",
      person: { id: bob.id },
      problem: "They have left the company.",
    });
    await ctx.inTenant((tx) => tx.membership.updateMany({ where: { userId: bob.id }, data: { deactivatedAt: null } }));
  });
});

describe("a chain", () => {
  it("is refused in words where it cannot be climbed, and kept while a rule names it", async () => {
    const nobody = newId();
    const refused = (input: Omit<EscalationInput, "name">, words: string) =>
      expect(chain(input)).rejects.toThrow(words);
    await refused({ steps: [] }, "Add a step");
    await refused({ steps: [{ afterMinutes: 0, to: { kind: "person", personId: nobody } }] }, "no such person");
    await refused({ steps: [{ afterMinutes: 0, to: { kind: "on-call", scheduleId: nobody } }] }, "no such schedule");
    await refused(
      {
        steps: [
          { afterMinutes: 10, to: person(ada) },
          { afterMinutes: 5, to: person(bob) },
        ],
      },
      "Put the steps in the order",
    );
    const used = await chain({ steps: [{ afterMinutes: 0, to: person(ada) }] }, "Used");
    await fire(used.id);
    await expect(deleteEscalation(ctx, used.id, 1)).rejects.toThrow('take it out of the rules "Web is dear"');
    expect((await listEscalations(ctx)).find(({ name }) => name === "Used")).toMatchObject({ told: [ada.name] });
    const input = {
      name: "Nobody",
      timeZone: "Europe/Berlin",
      handOver: { every: "day" as const, at: "09:00" },
      start: "2026-11-01",
    };
    const people = [{ personId: ada.id }];
    const override = (from: string, to: string) => ({ personId: bob.id, from, to });
    await expect(createOnCall(ctx, { ...input, people: [] })).rejects.toThrow("Add a person");
    await expect(createOnCall(ctx, { ...input, people: [{ personId: nobody }] })).rejects.toThrow("no such person");
    await expect(createOnCall(ctx, { ...input, people, timeZone: "Mars/Olympus" })).rejects.toThrow("no time zone");
    const twice = [
      override("2026-11-10T00:00:00Z", "2026-11-11T00:00:00Z"),
      override("2026-11-10T12:00:00Z", "2026-11-12T00:00:00Z"),
    ];
    await expect(createOnCall(ctx, { ...input, people, overrides: twice })).rejects.toThrow("at the same time");
    const back = [override("2026-11-11T00:00:00Z", "2026-11-10T00:00:00Z")];
    await expect(createOnCall(ctx, { ...input, people, overrides: back })).rejects.toThrow("to a later one");
  });
});

it("what rang is counted by rule, for who may see it", async () => {
  const report = await getNoiseReport(ctx, { days: 30 });
  const fired = await ctx.inTenant((tx) => tx.alertEvent.count({ where: { what: "fired" } }));
  expect(report.rules.reduce((sum, one) => sum + one.fired, 0)).toBe(fired);
  expect(report).toMatchObject({ sentence: expect.stringMatching(/^Alerts fired \d+ times/), isWhole: true });
  const scoped = { ...ctx, permissions: new Set(["alerts:read"]), rowFilters: new Map([["alerts:read", web]]) };
  expect((await getNoiseReport(scoped)).rules).toEqual([]);
});

/** Alerts of other tests are told of no more. */
const calm = async () => {
  await ctx.inTenant((tx) => tx.alert.updateMany({ data: { nextStepAt: null } }));
  await mailed();
};

describe("an alert that was snoozed", () => {
  beforeEach(calm);

  it("is told again when the time is over, on the same day and without a look at the costs, and climbs anew", async () => {
    const channel = await createChannel(ctx, { name: "Team", target: { kind: "email", to: [ada.email] } });
    const { id: escalationId } = await chain({ steps: [{ afterMinutes: 10, to: person(bob) }] });
    const alert = await fire(escalationId, { channelIds: [channel.id] });
    await snoozeAlert(ctx, alert, { hours: 4 });
    minutes(239);
    expect([await climbDue(ctx), await wakeDue(ctx)]).toEqual([{ steps: 0 }, { woken: 0 }]);
    minutes(1);
    await ctx.inTenant((tx) => tx.workItem.updateMany({ where: { kind: "tell-alerts" }, data: { state: "done" } }));
    await askForDueTelling(ctx.host);
    expect(await ctx.inTenant((tx) => tx.workItem.count({ where: { kind: "tell-alerts", state: "queued" } }))).toBe(1);
    // Two processes that come at once tell it once.
    const both = await Promise.all([wakeDue(ctx), wakeDue(ctx)]);
    expect(both[0].woken + both[1].woken).toBe(1);
    expect(await getAlert(ctx, alert)).toMatchObject({ state: "firing", snoozedUntil: null, times: 1 });
    expect(await mailed()).toEqual(["ada: Still an alert: Web is dear: Web"]);
    minutes(10);
    await climbDue(ctx);
    expect(await mailed()).toEqual(["bob: Nobody looks after it: Web is dear: Web"]);
    await resolveAlert(ctx, alert);
    await mailed();
  });

  it("stays quiet where somebody acknowledged or resolved it meanwhile", async () => {
    const { id: escalationId } = await chain({ steps: [{ afterMinutes: 10, to: person(bob) }] });
    const [kept, closed] = [await fire(escalationId), await fire(escalationId)];
    for (const id of [kept, closed]) await snoozeAlert(ctx, id, { hours: 1 });
    await acknowledgeAlert(ctx, kept);
    await resolveAlert(ctx, closed);
    minutes(61);
    expect([await wakeDue(ctx), await mailed()]).toEqual([{ woken: 0 }, []]);
  });
});

describe.each([
  ["is deleted", "its rule was deleted.", (id: string) => deleteAlertRule(ctx, id, 1)],
  [
    "is switched off",
    "its rule was switched off.",
    (id: string) => changeAlertRule(ctx, id, { name: "Off", conditions, version: 1, isOn: false }),
  ],
])("a rule that %s", (_, why, endRule) => {
  beforeEach(calm);

  it("ends its alerts, tells everybody who heard of them, and calls nobody else", async () => {
    const pager = await createChannel(ctx, {
      name: "Pager",
      target: { kind: "pagerduty", routingKey: "0".repeat(32) },
    });
    const { id: escalationId } = await chain({
      steps: [
        { afterMinutes: 0, to: person(ada) },
        { afterMinutes: 30, to: person(bob) },
      ],
    });
    const alert = await fire(escalationId, { channelIds: [pager.id] });
    await climbDue(ctx);
    expect(await mailed()).toEqual(["ada: Nobody looks after it: Web is dear: Web"]);
    const { rule } = await getAlert(ctx, alert);
    minutes(1);
    await endRule(rule!.id);
    const { state, events } = await getAlert(ctx, alert);
    expect([state, events[0]]).toMatchObject([
      "resolved",
      { what: "resolved", message: why, by: { id: ctx.actor.id } },
    ]);
    const [told] = (await listDeliveries(ctx, { limit: 500 })).deliveries.filter((one) => one.channel?.id === pager.id);
    expect(told?.title).toBe("Resolved: Web is dear: Web");
    // No incident is closed at PagerDuty itself from here.
    await ctx.inTenant((tx) => tx.alertDelivery.deleteMany({ where: { channelId: pager.id } }));
    expect(await mailed()).toEqual(["ada: Resolved: Web is dear: Web"]);
    minutes(60);
    expect([await climbDue(ctx), await mailed()]).toEqual([{ steps: 0 }, []]);
  });
});
