import { addDays, daysIn, monthOf } from "@finops/kernel/period";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changeBudget, createBudget } from "../budgets/service.ts";
import { evaluateCompany } from "../budgets/evaluation-service.ts";
import { makePerson, movedClock, type MovedClock } from "../people/testing/people.ts";
import { createUnitMetric, writeMetricValues } from "../unit-metrics/service.ts";
import { acknowledgeAlert, getAlert, getAlertCause, listAlerts, resolveAlert, snoozeAlert } from "./alert-service.ts";
import type { AlertRuleInput } from "./contract.ts";
import { evaluateAlerts } from "./evaluation-service.ts";
import { askForDueAlerts } from "./jobs.ts";
import {
  changeAlertRule,
  createAlertRule,
  deleteAlertRule,
  getAlertRule,
  listAlertRules,
  previewAlertRule,
} from "./rule-service.ts";

let test: TestPipeline;
let reader: CostReader;
let ctx: Context;
let clock: MovedClock;

/** Web costs 10 a day, on the 12th and 13th of October 50; Mail costs 1. A bill of months up to a day. */
const bill = (months: string[], until: string, extra: Record<string, string> = {}) =>
  focusBill(
    months.flatMap((month) => {
      const { start, end } = monthOf(`${month}-01`);
      const row = (ServiceName: string, day: string, EffectiveCost: string) => ({
        ServiceName,
        EffectiveCost,
        BilledCost: EffectiveCost,
        BillingPeriodStart: `${start}T00:00:00Z`,
        ChargePeriodStart: `${day}T00:00:00Z`,
        ChargePeriodEnd: `${addDays(day, 1)}T00:00:00Z`,
      });
      return Array.from({ length: daysIn({ start, end }) }, (_, index) => addDays(start, index))
        .filter((day) => day <= until)
        .flatMap((day) => {
          const isDear = day === "2026-10-12" || day === "2026-10-13";
          return [row("Web", day, extra[day] ?? (isDear ? "50" : "10")), row("Mail", day, "1")];
        });
    }),
  );

beforeAll(async () => {
  test = await createTestPipeline();
  reader = new CostReader(test.store);
  clock = movedClock("2026-10-31T12:00:00Z");
  const company = await test.company();
  ctx = { ...company, host: { ...company.host, clock } };
  await test.importFiles(ctx, { "bill.csv": bill(["2026-08", "2026-09", "2026-10"], "2026-10-31") });
});
afterAll(() => test.close());

const web: CostFilter = { dimension: "serviceName", is: "Web" };
const input = (more: Partial<AlertRuleInput> = {}): AlertRuleInput => ({
  name: "Web is dear",
  conditions: [{ kind: "cost-above", filter: web, currency: "USD", window: "day", above: "40", clearAt: "30" }],
  ...more,
});
const queued = (of: Context) =>
  of.inTenant((tx) => tx.workItem.count({ where: { kind: "evaluate-alerts", state: "queued" } }));
const clear = (of: Context) =>
  of.inTenant((tx) => tx.workItem.updateMany({ where: { kind: "evaluate-alerts" }, data: { state: "done" } }));
const remove = async ({ id }: { id: string }) => deleteAlertRule(ctx, id, (await getAlertRule(ctx, id)).version);
/** What was told of one rule, the oldest first. */
const toldOf = (ruleId: string) =>
  ctx.inTenant(async (tx) => {
    const events = await tx.alertEvent.findMany({
      where: { alert: { ruleId } },
      orderBy: [{ at: "asc" }, { id: "asc" }],
    });
    return events.map(({ what, at }) => [at.toISOString().slice(0, 10), what]);
  });

it("looks at each of several days that come together, and once more at one that had come in part", async () => {
  const company = await test.company();
  const late = { ...company, host: { ...company.host, clock } };
  const importUntil = (day: string, extra: Record<string, string> = {}) =>
    test.importFiles(late, { "bill.csv": bill(["2026-09", "2026-10"], day, extra) });
  const lookOn = async (day: string) => {
    clock.at = new Date(`${day}T06:00:00Z`);
    return (await evaluateAlerts(late, reader)).turns;
  };
  const told = () =>
    late.inTenant(async (tx) => {
      const events = await tx.alertEvent.findMany({ orderBy: [{ at: "asc" }, { id: "asc" }] });
      return events.map(({ what, message }) => `${what}: ${message}`);
    });
  clock.at = new Date("2026-10-11T00:00:00Z");
  const rule = await createAlertRule(late, input());
  await importUntil("2026-10-10");
  expect(await lookOn("2026-10-11")).toBe(0);
  await importUntil("2026-10-16");
  expect(await lookOn("2026-10-17")).toBe(2);
  const first = [
    "fired: Costs: 50.00 USD on 2026-10-12; the threshold is 40.00 USD.",
    "resolved: Costs: 10.00 USD on 2026-10-14; the threshold is 40.00 USD.",
  ];
  expect(await told()).toEqual(first);
  expect([await lookOn("2026-10-17"), await lookOn("2026-10-18")]).toEqual([0, 0]);
  // More of the 16th comes with the 18th.
  await importUntil("2026-10-18", { "2026-10-16": "45" });
  expect(await lookOn("2026-10-19")).toBe(2);
  expect((await told()).slice(2)).toEqual([
    "reopened: Costs: 45.00 USD on 2026-10-16; the threshold is 40.00 USD.",
    "resolved: Costs: 10.00 USD on 2026-10-17; the threshold is 40.00 USD.",
  ]);
  // Another rule tells nothing of days before it.
  const { version } = await getAlertRule(late, rule.id);
  await changeAlertRule(late, rule.id, { ...input({ name: "Later" }), version });
  await importUntil("2026-10-20", { "2026-10-19": "45" });
  expect(await lookOn("2026-10-21")).toBe(0);
});

it("tells of work that failed and of keys that end, as soon as they do, and that it is over", async () => {
  const company = await test.company();
  const own = { ...company, host: { ...company.host, clock } };
  clock.at = new Date("2026-10-17T06:00:00Z");
  await createAlertRule(own, input({ conditions: [{ kind: "failed-job" }, { kind: "credential-expiring", days: 7 }] }));
  const look = async () => {
    expect(await queued(own)).toBe(1);
    await evaluateAlerts(own, reader);
    await clear(own);
    const { alerts } = await listAlerts(own, { state: "firing" });
    return alerts.map(({ title }) => title).toSorted();
  };
  expect(await look()).toEqual([]);
  const work = (state: "failed" | "done") =>
    own.inTenant(async (tx) => {
      const { id } = await tx.workItem.create({ data: { kind: "evaluate-budgets", pool: "budgets", payload: {} } });
      const error = { code: "internal", message: "It took too long." };
      await tx.workItem.update({
        where: { id },
        data: { state, finishedAt: new Date(), ...(state === "failed" ? { error } : {}) },
      });
    });
  const key = (name: string, expiresAt: Date | null) =>
    own.inTenant((tx) =>
      tx.apiKey.create({
        data: { name, prefix: "x", tokenHash: `hash of ${name}`, permissions: [], createdBy: "Ann", expiresAt },
      }),
    );
  await work("failed");
  expect(await look()).toEqual(["Working out budgets"]);
  await key("forever", null);
  expect(await queued(own)).toBe(0);
  const soon = await key("soon", new Date("2026-10-20T00:00:00Z"));
  expect(await look()).toEqual(["API key soon", "Working out budgets"]);
  await work("done");
  expect(await look()).toEqual(["API key soon"]);
  await own.inTenant((tx) => tx.apiKey.update({ where: { id: soon.id }, data: { revokedAt: new Date() } }));
  expect(await look()).toEqual([]);
  // What goes well after what went well is no news.
  await work("done");
  expect(await queued(own)).toBe(0);
});

it("tells of what other capabilities wait for, as soon as it moves, and that it was done", async () => {
  const company = await test.company();
  const own = { ...company, host: { ...company.host, clock } };
  clock.at = new Date("2026-10-17T06:00:00Z");
  const ann = await makePerson(own, "admin");
  const conditions = [
    { kind: "event" as const, source: "approvals" as const },
    { kind: "event" as const, source: "unit-metrics" as const, days: 10 },
  ];
  await createAlertRule(own, input({ conditions }));
  const look = async () => {
    expect(await queued(own)).toBe(1);
    await evaluateAlerts(own, reader);
    await clear(own);
    const { alerts } = await listAlerts(own, { state: "firing" });
    return alerts.toSorted((a, b) => (a.title < b.title ? -1 : 1)).map(({ title, message }) => [title, message]);
  };
  expect(await look()).toEqual([]);
  const { id } = await own.inTenant((tx) =>
    tx.changeRequest.create({
      data: {
        kind: "roles",
        payload: {},
        summary: "Make the role Auditor",
        permission: "access:write",
        peopleNeeded: 1,
        requestedById: ann.id,
        requestedByName: "Ann",
        requestedAt: clock.at,
        expiresAt: new Date("2026-10-24T06:00:00Z"),
      },
    }),
  );
  const waits = ["Make the role Auditor", "Ann asked for it on 2026-10-17; it waits for an approval until 2026-10-24."];
  expect(await look()).toEqual([waits]);
  const metric = await createUnitMetric(own, {
    name: "Orders",
    unitOne: "order",
    unitMany: "orders",
    aggregation: "total",
    ownerId: ann.id,
  });
  const missing = [
    "Unit costs: Orders",
    "Nobody has written the orders of September 2026, so what one order cost in it cannot be told.",
  ];
  expect(await look()).toEqual([waits, missing]);
  await own.inTenant((tx) => tx.changeRequest.updateMany({ where: { id }, data: { state: "rejected" } }));
  expect(await look()).toEqual([missing]);
  const values = [{ month: "2026-09", quantity: "1200", kind: "actual" as const }];
  await writeMetricValues(own, metric.id, { version: metric.version, values });
  expect(await look()).toEqual([]);
  const preview = await previewAlertRule(own, reader, {
    match: "any",
    conditions,
    holdDays: 1,
    coolDownHours: 0,
    days: 30,
  });
  expect(preview.notTold).toEqual(["What waited on earlier days and does not any more is not looked at."]);
});

it("tells of a source that lacks days, and of one that is late, until its bills come", async () => {
  const company = await test.company();
  const own = { ...company, host: { ...company.host, clock } };
  clock.at = new Date("2026-10-21T06:00:00Z");
  await createAlertRule(own, input({ conditions: [{ kind: "event", source: "bills" }] }));
  await clear(own);
  const dayOf = (number: number) => `2026-10-${String(number).padStart(2, "0")}`;
  const importDays = (numbers: readonly number[]) =>
    test.importFiles(own, {
      "bill.csv": focusBill(
        numbers.map((number) => ({
          BillingPeriodStart: "2026-10-01T00:00:00Z",
          ChargePeriodStart: `${dayOf(number)}T00:00:00Z`,
          ChargePeriodEnd: `${dayOf(number + 1)}T00:00:00Z`,
        })),
      ),
    });
  const look = async () => {
    await evaluateAlerts(own, reader);
    await clear(own);
    const { alerts } = await listAlerts(own, { state: "firing" });
    return alerts.map(({ message }) => message);
  };
  await importDays([3, 4, 5, 6, 9, 10, 11, 12]);
  // What brings a bill has it looked at.
  expect(await queued(own)).toBe(1);
  expect(await look()).toEqual([
    expect.stringMatching(/has no usage on 2 days of October 2026 \(7, 8\), so the month shows less than was spent/),
  ]);
  const days = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
  await importDays(days);
  expect(await queued(own)).toBe(1);
  expect(await look()).toEqual([]);
  await importDays([...days, 13]);
  await importDays([...days, 13, 14]);
  // As if one had come each day.
  await own.inTenant(async (tx) => {
    const landings = await tx.landing.findMany({ orderBy: { landedAt: "asc" } });
    for (const [index, { id }] of landings.entries())
      await tx.landing.updateMany({ where: { id }, data: { landedAt: new Date(`${dayOf(15 + index)}T06:00:00Z`) } });
  });
  clock.at = new Date("2026-10-20T05:00:00Z");
  expect(await look()).toEqual([]);
  clock.at = new Date("2026-10-20T07:00:00Z");
  expect(await look()).toEqual([
    expect.stringMatching(/^Nothing of .* came since 18 Oct 2026; usually something comes every day\./),
  ]);
  await importDays([...days, 13, 14, 15]);
  clock.at = new Date();
  expect(await look()).toEqual([]);
});

describe("a rule of alerts", () => {
  it("tells each thing once, on the day that it begins and on the day that it ends, for a month of days", async () => {
    const rules = [
      await createAlertRule(ctx, input()),
      await createAlertRule(ctx, input({ name: "For two days", holdDays: 2 })),
      await createAlertRule(
        ctx,
        input({
          name: "Each",
          conditions: [{ kind: "cost-above", currency: "USD", by: "serviceName", window: "day", above: "40" }],
        }),
      ),
      await createAlertRule(
        ctx,
        input({ name: "Never", conditions: [{ kind: "missing-days" }, { kind: "failed-import" }] }),
      ),
    ];
    for (let day = "2026-10-01"; day < "2026-11-01"; day = addDays(day, 1)) {
      // Twice on some days, as after two publications.
      for (const hour of day >= "2026-10-12" && day < "2026-10-17" ? ["06", "18"] : ["06"]) {
        clock.at = new Date(`${day}T${hour}:00:00Z`);
        await evaluateAlerts(ctx, reader);
      }
    }
    expect(await Promise.all(rules.map(({ id }) => toldOf(id)))).toEqual([
      [
        ["2026-10-13", "fired"],
        ["2026-10-15", "resolved"],
      ],
      [
        ["2026-10-14", "fired"],
        ["2026-10-15", "resolved"],
      ],
      [
        ["2026-10-13", "fired"],
        ["2026-10-15", "resolved"],
      ],
      [],
    ]);
    const { alerts } = await listAlerts(ctx, { state: "resolved" });
    const told = alerts.map(({ title, rule, times }) => [rule?.name, title, times]);
    expect([told[0], ...told.slice(1).toSorted(([a], [b]) => (a! < b! ? -1 : 1))]).toEqual([
      ["For two days", "Costs", 1],
      ["Each", "Service Web", 1],
      ["Web is dear", "Costs", 1],
    ]);
    expect(alerts.map(({ message }) => message)).toContain(
      "Service Web: 10.00 USD on 2026-10-14; the threshold is 40.00 USD.",
    );
    const first = await listAlerts(ctx, { limit: 2 });
    expect((await listAlerts(ctx, { limit: 2, cursor: first.nextCursor })).alerts).toHaveLength(1);
    // The preview says of the same days what was told on them.
    clock.at = new Date("2026-10-31T12:00:00Z");
    const { conditions } = input();
    const preview = await previewAlertRule(ctx, reader, { conditions, days: 31 });
    expect(preview.sentence).toBe("It would have fired once in the last 31 days, the last time on 2026-10-13.");
    for (const rule of rules) await remove(rule);
  });

  it("can be looked after, put off and ended, and says why", async () => {
    clock.at = new Date("2026-10-13T12:00:00Z");
    const rule = await createAlertRule(ctx, input());
    expect(await queued(ctx)).toBe(1);
    await evaluateAlerts(ctx, reader);
    const [alert] = (await listAlerts(ctx, { state: "open" })).alerts;
    expect(alert).toMatchObject({ state: "firing", mayChange: true, severity: "warning" });
    const { cause } = await getAlertCause(ctx, reader, alert!.id);
    expect(cause).toMatchObject({ dimension: "serviceName", contributors: [{ value: "Web", change: "40" }] });
    clock.at = new Date("2026-10-13T12:30:00Z");
    expect((await acknowledgeAlert(ctx, alert!.id)).state).toBe("acknowledged");
    clock.at = new Date("2026-10-13T13:00:00Z");
    expect((await snoozeAlert(ctx, alert!.id, { hours: 2 })).snoozedUntil).toBe("2026-10-13T15:00:00.000Z");
    clock.at = new Date("2026-10-13T15:00:00Z");
    await evaluateAlerts(ctx, reader);
    clock.at = new Date("2026-10-13T15:30:00Z");
    expect((await resolveAlert(ctx, alert!.id)).state).toBe("resolved");
    await evaluateAlerts(ctx, reader);
    const { events, state, times } = await getAlert(ctx, alert!.id);
    expect([state, times, events.map(({ what }) => what)]).toEqual([
      "resolved",
      1,
      ["resolved", "woken", "snoozed", "acknowledged", "fired"],
    ]);
    await expect(acknowledgeAlert(ctx, alert!.id)).rejects.toMatchObject({ code: "conflict" });
    await remove(rule);
  });

  it("that is deleted or changed tells nothing of before, and lets the slower of two start again", async () => {
    clock.at = new Date("2026-10-13T12:00:00Z");
    const rule = await createAlertRule(ctx, input({ name: "Changed" }));
    await evaluateAlerts(ctx, reader);
    const changed = await changeAlertRule(ctx, rule.id, { ...input({ name: "Later" }), version: 1, isOn: false });
    expect([changed.version, changed.openAlerts]).toEqual([2, 0]);
    const late = changeAlertRule(ctx, rule.id, { ...input(), version: 1 });
    await expect(late).rejects.toMatchObject({ code: "conflict" });
    await deleteAlertRule(ctx, rule.id, 2);
    await expect(getAlertRule(ctx, rule.id)).rejects.toMatchObject({ code: "not_found" });
    expect((await listAlerts(ctx, { state: "open" })).alerts).toEqual([]);
  });

  it("is refused in words where it cannot be", async () => {
    const wrong = (more: object) => createAlertRule(ctx, { ...input(), ...more });
    const { conditions } = input();
    const refused = { code: "invalid", message: expect.stringMatching(/no such channel/) };
    await expect(wrong({ channelIds: ["00000000-0000-7000-8000-000000000000"] })).rejects.toMatchObject(refused);
    await expect(wrong({ conditions: [{ ...conditions[0], clearAt: "50" }] })).rejects.toThrow(
      "clears at its threshold",
    );
    await expect(wrong({ conditions: [{ ...conditions[0], filter: { dimension: "nope", is: "x" } }] })).rejects.toThrow(
      "no dimension",
    );
    await expect(
      wrong({ conditions: [{ kind: "budget", budgetId: "x", figure: "actual", above: "90" }] }),
    ).rejects.toThrow("no such budget");
    const quietHours = { from: "22:00", to: "07:00", timeZone: "Nowhere" };
    await expect(wrong({ quietHours })).rejects.toThrow("no time zone");
    await expect(wrong({ quietHours: { from: "07:00", to: "07:00", timeZone: "UTC" } })).rejects.toThrow(
      "another time",
    );
  });

  it("is seen, made and looked after by those who see its costs alone", async () => {
    clock.at = new Date("2026-10-13T12:00:00Z");
    const rule = await createAlertRule(ctx, input({ name: "Of Web" }));
    await evaluateAlerts(ctx, reader);
    const [alert] = (await listAlerts(ctx, { state: "open" })).alerts;
    const permissions = ["costs:read", "alerts:read", "alerts:write"];
    const rowFilters = new Map(permissions.map((key) => [key, { ...web, is: "Mail" }]));
    const { tenantId, actor, host } = ctx;
    const scoped = createContext(host, { tenantId, actor, via: "page", permissions, rowFilters });
    expect([await listAlertRules(scoped), (await listAlerts(scoped)).alerts]).toEqual([[], []]);
    await expect(getAlert(scoped, alert!.id)).rejects.toMatchObject({ code: "not_found" });
    await expect(getAlertRule(scoped, rule.id)).rejects.toMatchObject({ code: "not_found" });
    await expect(createAlertRule(scoped, input())).rejects.toMatchObject({ code: "forbidden" });
    await expect(createAlertRule(scoped, input({ conditions: [{ kind: "failed-import" }] }))).rejects.toMatchObject({
      code: "forbidden",
    });
    const mail = [{ ...input().conditions[0]!, filter: { ...web, is: "Mail" } }] as AlertRuleInput["conditions"];
    const own = await createAlertRule(scoped, input({ name: "Of Mail", conditions: mail }));
    expect((await listAlertRules(scoped)).map(({ name, mayChange }) => [name, mayChange])).toEqual([["Of Mail", true]]);
    const reading = createContext(host, { tenantId, actor, via: "page", permissions: ["alerts:read"] });
    expect((await getAlert(reading, alert!.id)).mayChange).toBe(false);
    await expect(acknowledgeAlert(reading, alert!.id)).rejects.toMatchObject({ code: "forbidden" });
    for (const one of [rule, own]) await remove(one);
  });

  it("watches budgets, after they were worked out, and previews what it would have told of them", async () => {
    clock.at = new Date("2026-10-31T12:00:00Z");
    const budget = await createBudget(ctx, {
      name: "Web",
      filter: web,
      currency: "USD",
      periods: { grain: "month", start: "2026-09-01" },
      amount: { kind: "fixed", amount: "350.00" },
    });
    const conditions = [{ kind: "budget" as const, budgetId: budget.id, figure: "actual" as const, above: "90" }];
    const rule = await createAlertRule(ctx, input({ name: "Budget", severity: "critical", conditions }));
    await clear(ctx);
    await evaluateCompany(ctx, reader);
    // The database asks for it in the transaction of the standings.
    expect(await queued(ctx)).toBe(1);
    await evaluateAlerts(ctx, reader);
    const [alert] = (await listAlerts(ctx, { state: "open" })).alerts;
    expect(alert).toMatchObject({ title: "Budget Web", severity: "critical" });
    expect(alert!.message).toBe(
      "Budget Web: 390.00 USD is spent, 111.4 % of its limit of 350.00 USD from 2026-10-01 on; the threshold is 90 %.",
    );
    expect((await getAlert(ctx, alert!.id)).budgetId).toBe(budget.id);
    const preview = await previewAlertRule(ctx, reader, { conditions, days: 31 });
    expect(preview.firings.map(({ day }) => day)).toEqual(["2026-10-25"]);
    await remove(rule);
    // What is planned from the bottom up may cost what the budgets below it come to, which are not those that are asked for.
    const above = await createBudget(ctx, {
      name: "All of it",
      filter: web,
      currency: "USD",
      periods: { grain: "month", start: "2026-09-01" },
      amount: { kind: "children" },
    });
    const { name, currency, periods, version } = budget;
    const moved = { name, filter: web, currency, periods, amount: { kind: "fixed" as const, amount: "350.00" } };
    await changeBudget(ctx, budget.id, { ...moved, parentId: above.id, version, reason: "It stands below." });
    const ofAbove = [{ ...conditions[0]!, budgetId: above.id }];
    const summed = await previewAlertRule(ctx, reader, { conditions: ofAbove, days: 31 });
    expect(summed.firings.map(({ day }) => day)).toEqual(["2026-10-25"]);
  });

  it("is looked at after a publication, and once when a day begins", async () => {
    clock.at = new Date("2026-11-02T12:00:00Z");
    const rule = await createAlertRule(ctx, input({ name: "Asked" }));
    await clear(ctx);
    await test.importOne(ctx, { "2026-11.csv": bill(["2026-11"], "2026-11-01", { "2026-11-01": "99" }) });
    expect(await queued(ctx)).toBe(1);
    await evaluateAlerts(ctx, reader);
    expect((await listAlerts(ctx, { state: "open" })).alerts).toHaveLength(1);
    await clear(ctx);
    await askForDueAlerts(ctx.host);
    expect(await queued(ctx)).toBe(0);
    clock.at = new Date("2026-11-03T00:30:00Z");
    await askForDueAlerts(ctx.host);
    expect(await queued(ctx)).toBe(1);
    await remove(rule);
  });
});
