import { type Decimal, decimal, zero } from "@finops/kernel/decimal";
import { addDays, type Day, daysIn } from "@finops/kernel/period";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alertsPerRuleMax } from "./combine.ts";
import { AlertRuleDefinition, type Condition } from "./contract.ts";
import { daysUntil } from "./cost-series.ts";
import { backtest, look, observeRule, type RuleFacts } from "./evaluate.ts";
import type { Level } from "./life.ts";

const days = (start: Day, end: Day) => daysUntil(addDays(end, -1), daysIn({ start, end }));

/** What services cost on each day, as a function of the day. */
function facts(today: Day, cost: (day: Day) => Record<string, string>, from = "2026-06-01", to = today): RuleFacts {
  const covered = new Set<Day>();
  const series = new Map<string | null, Map<Day, Decimal>>();
  const all = new Map<Day, Decimal>();
  for (const day of days(from, to)) {
    const costs = Object.entries(cost(day));
    if (costs.length > 0) covered.add(day);
    for (const [service, amount] of costs) {
      const one = series.get(service) ?? new Map<Day, Decimal>();
      series.set(service, one.set(day, decimal(amount)));
      all.set(day, (all.get(day) ?? zero).plus(amount));
    }
  }
  const isApart = (condition: object) => "dimension" in condition || ("by" in condition && condition.by !== null);
  return {
    today,
    covered,
    seriesOf: (condition) => (isApart(condition) ? series : new Map([[null, all]])),
    budgets: [],
    failedImport: null,
    failedJobs: [],
    credentials: [],
    events: {},
  };
}

const ruleOf = (conditions: object[], more: object = {}) => AlertRuleDefinition.parse({ conditions, ...more });
const above: Condition = ruleOf([{ kind: "cost-above", currency: "USD", window: "day", above: "100" }]).conditions[0]!;
const levels = (conditions: object[], given: RuleFacts): [string, Level][] =>
  observeRule(ruleOf(conditions), given).observations.map(({ title, level }) => [title, level]);

describe("what is looked at of the platform itself", () => {
  const of = (conditions: object[], more: Partial<RuleFacts>) =>
    observeRule(ruleOf(conditions), { ...facts("2026-11-10", () => ({})), ...more }).observations;

  it("is each kind of work whose last turn failed, in words", () => {
    const failedJobs = [
      { kind: "evaluate-budgets", at: "2026-11-10T06:00:00.000Z", message: "It took too long." },
      { kind: "something-new", at: "2026-11-10T06:00:00.000Z", message: "It says no reason." },
    ];
    expect(of([{ kind: "failed-job" }], { failedJobs }).map(({ subject, message }) => [subject, message])).toEqual([
      ["failed-job evaluate-budgets", "Working out budgets failed at 2026-11-10T06:00:00.000Z: It took too long."],
      [
        "failed-job something-new",
        "Work of the kind something-new failed at 2026-11-10T06:00:00.000Z: It says no reason.",
      ],
    ]);
    expect(of([{ kind: "failed-job" }], {})).toEqual([]);
  });

  it("is each API key that ends within the days of the condition, and one that ended until a month after", () => {
    const credentials = ["2026-10-11", "2026-10-12", "2026-11-10", "2026-11-17", "2026-11-18"].map((expiresOn) => ({
      id: expiresOn,
      name: expiresOn,
      expiresOn,
    }));
    expect(of([{ kind: "credential-expiring", days: 7 }], { credentials }).map(({ message }) => message)).toEqual([
      "The API key 2026-10-12 ended on 2026-10-12. Make a new one, and put it where the old one is.",
      "The API key 2026-11-10 ended on 2026-11-10. Make a new one, and put it where the old one is.",
      "The API key 2026-11-17 ends on 2026-11-17. Make a new one, and put it where the old one is.",
    ]);
  });

  it("is what another capability tells of, once it has held for the days of the condition", () => {
    const events = {
      approvals: ["2026-11-06", "2026-11-07", "2026-11-08"].map((since) => ({
        id: since,
        title: since,
        message: "",
        since,
        filter: null,
      })),
    };
    const found = of([{ kind: "event", source: "approvals", days: 3 }], { events });
    expect(found.map(({ subject, level }) => [subject, level])).toEqual([
      ["event approvals 2026-11-06", "over"],
      ["event approvals 2026-11-07", "over"],
    ]);
    expect(of([{ kind: "event", source: "approvals" }], { events })).toHaveLength(3);
  });

  it("begins and ends nothing where nobody can tell", () => {
    const unknown = { failedJobs: undefined, credentials: undefined };
    const rule = ruleOf([
      { kind: "failed-job" },
      { kind: "credential-expiring" },
      { kind: "event", source: "unit-metrics" },
    ]);
    expect(observeRule(rule, { ...facts("2026-11-10", () => ({})), ...unknown })).toEqual({
      observations: [],
      isWhole: false,
    });
  });
});

describe("a rule", () => {
  it("tells of the last whole day, and of today nothing", () => {
    const steady = facts("2026-11-10", () => ({ Web: "90" }), "2026-06-01", "2026-11-11");
    expect(levels([above], steady)).toEqual([["Costs", "under"]]);
    const spike = facts("2026-11-10", (day) => ({ Web: day === "2026-11-09" ? "101" : "90" }));
    const { observations } = observeRule(ruleOf([above]), spike);
    expect(observations[0]).toMatchObject({
      level: "over",
      message: "Costs: 101.00 USD on 2026-11-09; the threshold is 100.00 USD.",
    });
    expect(levels([{ ...above, above: "95", clearAt: "85" }], steady)).toEqual([["Costs", "between"]]);
  });

  it("is monotone in what is spent", () => {
    const order: readonly Level[] = ["under", "between", "over"];
    const amount = fc.integer({ min: 0, max: 300 });
    fc.assert(
      fc.property(amount, amount, amount, amount, (cost, more, threshold, clear) => {
        const conditions = [{ ...above, above: String(threshold), clearAt: String(Math.min(clear, threshold)) }];
        const of = (spent: number) =>
          levels(
            conditions,
            facts("2026-11-10", () => ({ Web: String(spent) }), "2026-11-01"),
          )[0]![1];
        expect(order.indexOf(of(cost + more))).toBeGreaterThanOrEqual(order.indexOf(of(cost)));
      }),
      { numRuns: 40 },
    );
  });

  it("holds days against as many before, and calls a gap of the data no saving", () => {
    const change = { kind: "cost-change", currency: "USD", days: 7, above: "50" };
    const risen = (day: Day) => ({ Web: day >= "2026-11-03" ? "160" : "100" });
    const { observations } = observeRule(ruleOf([change]), facts("2026-11-10", risen));
    expect(observations[0]!.level).toBe("over");
    expect(observations[0]!.message).toBe(
      "Costs: 1,120.00 USD in 7 days to 2026-11-09, after 700.00 USD in as many before: 60 % more.",
    );
    const gap = (day: Day) => (day >= "2026-11-04" && day < "2026-11-08" ? {} : { Web: "100" });
    expect(levels([{ ...change, direction: "fall", above: "40" }], facts("2026-11-10", gap))).toEqual([
      ["Costs", "unknown"],
    ]);
  });

  it("finds what is new, once it is dear enough, and not at the beginning of all data", () => {
    const fresh = { kind: "new-value", currency: "USD", dimension: "serviceName", leastAmount: "5" };
    const costs = (day: Day) => ({ Web: "10", ...(day >= "2026-11-05" ? { GPU: "3", Tiny: "0.1" } : {}) });
    expect(levels([fresh], facts("2026-11-10", costs))).toEqual([
      ["Service GPU", "over"],
      ["Service Tiny", "under"],
    ]);
    expect(levels([fresh], facts("2026-11-10", costs, "2026-11-01"))).toEqual([]);
  });

  it("says since when there is no data, and which days are missing", () => {
    const health = [{ kind: "no-data", days: 2 }, { kind: "missing-days" }];
    const gap = (day: Day) => (day === "2026-10-20" ? {} : { Web: "1" });
    const late = facts("2026-11-10", gap, "2026-06-01", "2026-11-06");
    const told = observeRule(ruleOf(health), late).observations.map(({ level, message }) => [level, message]);
    expect(told).toEqual([
      ["over", "No data since 2026-11-05, for 5 days; the threshold is 2."],
      ["over", "Missing days: there is no charge of 2026-10-20, though later days are there."],
    ]);
    // Costs of before tell nothing of now: what is told stays, and nothing is added.
    expect(observeRule(ruleOf([above]), { ...late, today: "2026-12-24" })).toEqual({
      observations: [],
      isWhole: false,
    });
  });

  it("of several conditions holds while all do, and ends with the first", () => {
    const rise = { kind: "cost-change", currency: "USD", days: 1, above: "10" };
    const costs = (day: Day) => ({ Web: day >= "2026-11-09" ? "150" : day >= "2026-11-08" ? "105" : "104" });
    const on = (today: Day) => observeRule(ruleOf([above, rise], { match: "all" }), facts(today, costs)).observations;
    expect([on("2026-11-09"), on("2026-11-10")].map(([one]) => [one!.subject, one!.level])).toEqual([
      ["all", "under"],
      ["all", "over"],
    ]);
  });

  it("that holds for everything tells of a hundred things, and of the others as one", () => {
    const many = facts("2026-11-10", () =>
      Object.fromEntries(Array.from({ length: 250 }, (_, at) => [`S${at}`, `${200 + at}`])),
    );
    const observed = observeRule(ruleOf([{ ...above, by: "serviceName" }]), many);
    const at = { day: "2026-11-10", now: new Date("2026-11-10T12:00:00Z") };
    const steps = look(new Map(), observed, { holdDays: 1, coolDownHours: 0 }, at);
    expect(steps).toHaveLength(alertsPerRuleMax + 1);
    expect(steps.at(-1)!.observation!.message).toContain(
      "The rule holds for 250 things at once. 100 are told one by one",
    );
    const lives = new Map(steps.map(({ subject, life }) => [subject, life]));
    expect(look(lives, observed, { holdDays: 1, coolDownHours: 0 }, at).filter(({ turn }) => turn !== null)).toEqual(
      [],
    );
  });
});

describe("an anomaly", () => {
  const anomaly = { kind: "anomaly", currency: "USD" };
  const noise = (day: Day) => (Date.parse(day) / 86_400_000) % 5;
  const isWeekend = (day: Day) => [0, 6].includes(new Date(day).getUTCDay());
  /** Half as much at weekends, some noise, a fee on the first of each month. */
  const usual = (day: Day) => (isWeekend(day) ? 500 : 1000) + noise(day) * 8 + (day.endsWith("-01") ? 3000 : 0);
  const firings = async (extra: (day: Day) => number, from: Day, to: Day) => {
    const told = await backtest(ruleOf([anomaly]), days(from, to), (day) =>
      facts(day, (one) => ({ Web: String(usual(one) + extra(one)) }), "2026-01-01", day),
    );
    return told.map(({ day }) => day);
  };

  it("is none for weekends, nor for fees of the first from their third month on", async () => {
    expect(await firings(() => 0, "2026-04-05", "2026-07-05")).toEqual([]);
  });

  it("is a day that costs far more or less than such a day does, told on the day after, once", async () => {
    expect(await firings((day) => (day === "2026-05-13" ? 600 : 0), "2026-05-01", "2026-06-01")).toEqual([
      "2026-05-14",
    ]);
    expect(
      await firings((day) => (day >= "2026-05-16" && day < "2026-05-18" ? 400 : 0), "2026-05-05", "2026-06-01"),
    ).toEqual(["2026-05-17"]);
    expect(await firings((day) => (day === "2026-05-13" ? -700 : 0), "2026-05-05", "2026-06-01")).toEqual([
      "2026-05-14",
    ]);
  });

  it("is not told where there is too little to learn from", () => {
    const short = facts("2026-11-10", () => ({ Web: "10" }), "2026-10-25");
    expect(levels([anomaly], short)).toEqual([["Costs", "unknown"]]);
  });
});

it("would have fired on the days that a backtest names, with its patience", async () => {
  const costs = (day: Day) => ({ Web: [5, 6, 7, 20].includes(Number(day.slice(8))) ? "150" : "50" });
  const on = async (more: object) => {
    const period = days("2026-10-01", "2026-11-01");
    return (await backtest(ruleOf([above], more), period, (day) => facts(day, costs))).map(({ day }) => day);
  };
  expect(await on({})).toEqual(["2026-10-21", "2026-10-06"]);
  expect(await on({ holdDays: 3 })).toEqual(["2026-10-08"]);
  expect(await on({ coolDownHours: 720 })).toEqual(["2026-10-06"]);
});

it("lets others have their turn between the days of a backtest, and ends with who asked for it", async () => {
  const left = new AbortController();
  const looked: Day[] = [];
  const run = backtest(ruleOf([above]), days("2026-10-01", "2026-11-01"), async (day) => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    left.signal.throwIfAborted();
    looked.push(day);
    return facts(day, () => ({ Web: "50" }));
  });
  setTimeout(() => left.abort(), 0);
  await expect(run).rejects.toThrow("abort");
  expect(looked.length).toBeLessThan(31);
});
