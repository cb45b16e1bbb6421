import type { EventKind } from "@finops/bills/bill-truth";
import { billKinds, type BillPlan, planBills } from "@finops/bills/plan/plan-bills";
import { Random } from "@finops/bills/plan/random";
import { shapesOf, usagePatterns } from "@finops/bills/plan/usage-patterns";
import { AlertRuleInput } from "@finops/capabilities/alerts/contract";
import { look, observeRule, type RuleFacts } from "@finops/capabilities/alerts/evaluate";
import type { Life } from "@finops/capabilities/alerts/life";
import { childrenOf, type EvaluatedBudget } from "@finops/capabilities/budgets/children";
import { evaluate } from "@finops/capabilities/budgets/evaluate";
import { toDailyCosts } from "@finops/capabilities/forecasting/index";
import { ScopeCosts } from "@finops/capabilities/budgets/scope-costs";
import { type Decimal, parseDecimal, sum, zero } from "@finops/kernel/decimal";
import { toExactAmount } from "@finops/kernel/exact-amount";
import { addDays, type Day, daysIn, monthOf } from "@finops/kernel/period";
import { beforeAll, describe, expect, it } from "vitest";

// The generator's company: its plan, with its patterns, its growth, its noise and what is planted in it, as what each service costs
// on each day; and the rules of alerts and budgets as they are. What is not real: bills and their import, commitments, credits
// and taxes, and that small resources are billed on some days only.
type Days = ReadonlyMap<Day, Decimal>;
interface Planted {
  kind: EventKind;
  service: string;
  first: Day;
}

const firstDay = "2025-09-01";
const lastDay = "2026-10-31";
/** As far as rules look back, and as a budget's expectation learns. */
const [ruleDays, budgetDays] = [110, 190];
const allDays = Array.from({ length: daysIn({ start: firstDay, end: addDays(lastDay, 1) }) }, (_, index) =>
  addDays(firstDay, index),
);
/** Nothing arrives on these days; what was charged comes with the next delivery. */
const silence = { first: "2026-06-11", last: "2026-06-15" };

let services: ReadonlyMap<string, Days>;
let planted: Planted[];
let total: Days;

beforeAll(() => {
  const plan = planBills({ rows: 30_000, seed: "scenarios", end: "2026-10", months: 14, formats: billKinds });
  const dayAt = (index: number) => plan.calendar.days[index]!.day;
  services = dailyCosts(plan);
  planted = plan.formats.flatMap(({ events }) =>
    events.map(({ kind, stream, firstDay: from }) => ({ kind, service: stream.sku.service, first: dayAt(from) })),
  );
  total = addUp([...services.values()]);
});

function dailyCosts({ calendar, formats, seed }: BillPlan): Map<string, Map<Day, Decimal>> {
  const shapes = shapesOf(calendar);
  const found = new Map<string, Map<Day, Decimal>>();
  for (const { streams, factors } of formats) {
    const factorOf = new Map(factors.map(({ streamId, dayIndex, factor }) => [`${streamId} ${dayIndex}`, factor]));
    for (const { id, sku, startDay, endDay, basePerDay, price, growthPerMonth, pattern } of streams) {
      const days = found.get(sku.service) ?? new Map<Day, Decimal>();
      found.set(sku.service, days);
      const random = new Random(`${seed}/${id}`);
      for (const { index, day } of calendar.days.slice(startDay, endDay)) {
        const level = shapes[pattern][index]! * (factorOf.get(`${id} ${index}`) ?? 1);
        const noise = 1 + usagePatterns[pattern].noise * (random.next() + random.next() + random.next() - 1.5) * 2;
        const cost = basePerDay * Number(price) * level * Math.exp((growthPerMonth * index) / 30.4) * noise;
        days.set(day, (days.get(day) ?? zero).plus(parseDecimal(cost.toFixed(4))));
      }
    }
  }
  return found;
}

function addUp(all: readonly Days[]): Map<Day, Decimal> {
  const days = new Map<Day, Decimal>();
  for (const one of all) for (const [day, cost] of one) days.set(day, (days.get(day) ?? zero).plus(cost));
  return days;
}

/** What is known on a day of so many days before it. */
function known(days: Days, today: Day, back: number): Map<Day, Decimal> {
  const end = allDays.indexOf(lastKnown(today)) + 1;
  const found = new Map<Day, Decimal>();
  for (const day of allDays.slice(Math.max(0, end - back), end)) {
    const cost = days.get(day);
    if (cost !== undefined) found.set(day, cost);
  }
  return found;
}

/** The last day whose charges are known: the one before, or what came before the silence. */
function lastKnown(today: Day): Day {
  return today >= silence.first && today <= silence.last ? addDays(silence.first, -2) : addDays(today, -1);
}

interface Told {
  day: Day;
  what: "fired" | "reopened" | "woken" | "resolved";
  subject: string;
}

/** What a rule tells from a day on, looked at twice a day, as after two publications. */
function tell(
  rule: Pick<AlertRuleInput, "conditions">,
  { from = "2026-01-01", budgets = [] }: { from?: Day; budgets?: readonly EvaluatedBudget[] } = {},
): Told[] {
  const definition = AlertRuleInput.parse({ name: "Rule", ...rule });
  const lives = new Map<string, Life>();
  const told: Told[] = [];
  for (let day = from; day <= addDays(lastDay, 1); day = addDays(day, 1)) {
    const observed = observeRule(definition, factsOn(day, budgets));
    for (const hour of ["06", "18"]) {
      const at = { now: new Date(`${day}T${hour}:00:00Z`), day };
      for (const step of look(lives, observed, definition, at)) {
        lives.set(step.subject, step.life);
        if (step.turn !== null) told.push({ day, what: step.turn, subject: step.subject });
      }
    }
  }
  return told;
}

function factsOn(today: Day, budgets: readonly EvaluatedBudget[]): RuleFacts {
  const all = known(total, today, budgetDays);
  return {
    today,
    covered: new Set(all.keys()),
    seriesOf: (condition) =>
      ("by" in condition && condition.by === "serviceName") || condition.kind === "new-value"
        ? new Map([...services].map(([service, days]) => [service, known(days, today, ruleDays)]))
        : new Map([[null, all]]),
    budgets: budgets.flatMap((budget) => {
      const days = [...all].map(([day, cost]) => ({
        series: "all",
        provider: "all",
        day,
        amount: toExactAmount(cost.toFixed()),
      }));
      const found = evaluate(
        budget,
        new ScopeCosts({ costs: toDailyCosts(days), otherCurrencies: [] }),
        { today, fiscalYearStart: 1 },
        childrenOf([], 1),
        null,
      );
      const { filter, currency } = budget.definition;
      return found === null ? [] : [{ id: budget.id, name: budget.id, filter, currency, standing: found.standing }];
    }),
    failedImport: null,
    failedJobs: [],
    credentials: [],
    events: {},
  };
}

const serviceOf = (subject: string) => JSON.parse(subject.slice(subject.indexOf('"'))) as string;
const ofKind = (...kinds: EventKind[]) => planted.filter(({ kind }) => kinds.includes(kind));
const firings = (told: readonly Told[]) => told.filter(({ what }) => what === "fired" || what === "reopened");

// A bound, not a wait: two cores may be busy with something else.
describe("over the generator's 14 months, day by day", { timeout: 300_000 }, () => {
  it("tells each new service once, when it has cost enough, and none that was there", () => {
    const told = tell({
      conditions: [{ kind: "new-value", currency: "USD", dimension: "serviceName", leastAmount: "50" }],
    });
    expect(firings(told).map(({ day, subject }) => `${day} ${serviceOf(subject)}`)).toEqual(
      ofKind("new-service")
        .map(({ first, service }) => `${addDays(first, 1)} ${service}`)
        .toSorted(),
    );
  });

  it("tells each spike once, on the day after it began, and nothing that was not planted", () => {
    // Half a year in: before, it knows too few firsts of a month to tell month-end jobs from a spike.
    const told = tell(
      {
        conditions: [
          { kind: "anomaly", currency: "USD", by: "serviceName", sensitivity: "medium", leastAmount: "600" },
        ],
      },
      { from: "2026-04-01" },
    );
    const fired = firings(told).map(({ day, subject }) => `${addDays(day, -1)} ${serviceOf(subject)}`);
    expect(fired).toEqual(
      ofKind("spike")
        .map(({ first, service }) => `${first} ${service}`)
        .toSorted(),
    );
  });

  it("tells a rise of a service when its week becomes dear beside the one before, and once until it is over", () => {
    const told = tell({
      conditions: [
        { kind: "cost-change", currency: "USD", by: "serviceName", days: 7, above: "40", leastAmount: "900" },
      ],
    });
    expect(
      firings(told)
        .map(({ day, subject }) => `${day} ${serviceOf(subject)}`)
        .toSorted(),
    ).toEqual(
      risingEdges((series, last) => {
        const [now, before] = [week(series, last), week(series, addDays(last, -7))];
        return before > 0 && now - before >= 900 && (now - before) / before > 0.4;
      }),
    );
  });

  it("tells that no data comes, once, and that it came", () => {
    expect(tell({ conditions: [{ kind: "no-data", days: 2 }] })).toEqual([
      { day: "2026-06-12", what: "fired", subject: "no-data" },
      { day: "2026-06-16", what: "resolved", subject: "no-data" },
    ]);
    expect(tell({ conditions: [{ kind: "missing-days" }] })).toEqual([]);
  });

  it("tells a budget that is over on the day after it is, once in each month that is, and at risk before", () => {
    const limit = limitBetween();
    const budgets = [monthly(limit)];
    const over = tell({ conditions: [{ kind: "budget", figure: "actual", above: "100" }] }, { budgets });
    expect(firings(over).map(({ day }) => day)).toEqual(daysOver(Number(limit)));
    const risk = tell(
      { conditions: [{ kind: "budget", figure: "expected", above: "100", clearAt: "97" }] },
      { budgets },
    );
    for (const { day, subject } of firings(over)) {
      const before = firings(risk).filter((one) => one.subject.endsWith(subject.slice(-10)));
      expect(before.map((one) => one.day <= day)).toEqual([true]);
    }
    // No month is told that ended well below its limit.
    const told = new Set(firings(risk).map(({ subject }) => subject.slice(-10)));
    for (const start of monthsFrom("2026-01-01"))
      if (monthCost(start) < Number(limit) * 0.95) expect(told.has(start)).toBe(false);
  });
});

/** Days on which something begins to hold for a service, by plain arithmetic; a day without news changes nothing. */
function risingEdges(holds: (series: Days, last: Day) => boolean): string[] {
  return [...services]
    .flatMap(([service, series]) => {
      let was = false;
      const edges: string[] = [];
      for (let today = "2026-01-01"; today <= addDays(lastDay, 1); today = addDays(today, 1)) {
        const is = holds(series, lastKnown(today));
        if (is && !was) edges.push(`${today} ${service}`);
        was = is;
      }
      return edges;
    })
    .toSorted();
}

function week(series: Days, last: Day): number {
  return Array.from({ length: 7 }, (_, back) => Number(series.get(addDays(last, -back)) ?? 0)).reduce(
    (a, b) => a + b,
    0,
  );
}

function monthsFrom(first: Day): Day[] {
  const starts: Day[] = [];
  for (let month = monthOf(first); month.start <= lastDay; month = monthOf(month.end)) starts.push(month.start);
  return starts;
}

function monthCost(start: Day): number {
  const { end } = monthOf(start);
  return Number(sum([...total].filter(([day]) => day >= start && day < end).map(([, cost]) => cost)));
}

/** A limit that some months go over and some do not, as far from each as it can be. */
function limitBetween(): string {
  const costs = monthsFrom("2026-01-01")
    .map(monthCost)
    .toSorted((one, other) => one - other);
  const gaps = costs.slice(1).map((cost, index) => ({ middle: (cost + costs[index]!) / 2, gap: cost - costs[index]! }));
  return gaps.toSorted((one, other) => other.gap - one.gap)[0]!.middle.toFixed(0);
}

/** The days on which the month that runs becomes known to cost more than a limit. */
function daysOver(limit: number): Day[] {
  return monthsFrom("2026-01-01").flatMap((start) => {
    const { end } = monthOf(start);
    for (let today = addDays(start, 1); today < end; today = addDays(today, 1)) {
      const cost = [...known(total, today, budgetDays)]
        .filter(([day]) => day >= start)
        .reduce((all, [, one]) => all + Number(one), 0);
      if (cost > limit) return [today];
    }
    return [];
  });
}

function monthly(limit: string): EvaluatedBudget {
  return {
    id: "all",
    parentId: null,
    definition: {
      filter: null,
      measure: "effectiveCost",
      currency: "USD",
      periods: { grain: "month", start: "2025-09-01", end: null },
      amount: { kind: "fixed", amount: limit },
      rollover: { kind: "none", cap: null },
    },
  };
}
