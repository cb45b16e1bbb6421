import { type Decimal, parseDecimal, zero } from "@finops/kernel/decimal";
import { addDays, type Day, daysIn, type Period } from "@finops/kernel/period";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import { detectUnusual, learntDays } from "./anomaly.ts";
import type { AlertDimension, Condition } from "./contract.ts";
import { type CostSeries, costUntil, daysUntil, lastWholeDay } from "./cost-series.ts";
import type { Level } from "./life.ts";
import { type AlertPicture, pictureOfDays } from "./picture.ts";
import { amountWords, dimensionWords, percentWords } from "./words.ts";

/** One thing that a condition looked at. */
export interface Finding {
  /** Names the thing within its rule: the same thing is the same alert. */
  subject: string;
  title: string;
  message: string;
  level: Level;
  /** The costs that it tells of. */
  filter: CostFilter | null;
  /** What comes first where there is too much to tell: money, or how far it is over. */
  weight: Decimal;
  /** Where a budget made it. */
  budgetId?: string;
  /** What its cause is looked for in. */
  cause?: Period;
  /** Made only for what is told. */
  picture?: () => AlertPicture;
}

export type CostCondition = Extract<
  Condition,
  { kind: "cost-above" | "cost-change" | "new-value" | "anomaly" | "no-data" | "missing-days" }
>;

export interface CostFacts {
  today: Day;
  /** Of the condition's own filter, by its dimension where it has one. */
  series: CostSeries;
  /** Days that there is any charge of in all of the company's costs, so that a day without one of these is a day that cost nothing. */
  covered: ReadonlySet<Day>;
}

/** What is not as old as this is a gap of the data; what is older is no news. */
const gapDays = 35;
/** What has come in the last days is new; the days before tell what was there. */
const newDays = 7;
const knownDays = 60;
/** Older data tells nothing of today. */
const staleDays = 7;

/** How many days before a day a condition has to know. */
export function daysNeeded(condition: CostCondition): number {
  switch (condition.kind) {
    case "cost-above":
      return 32 + staleDays;
    case "cost-change":
      return 2 * condition.days + 1 + staleDays;
    case "new-value":
      return knownDays + newDays + staleDays;
    case "anomaly":
      return learntDays + 2 + staleDays;
    case "no-data":
    case "missing-days":
      return Math.max(gapDays, 62);
  }
}

export function dimensionOf(condition: CostCondition): AlertDimension | null {
  if (condition.kind === "new-value") return condition.dimension;
  return "by" in condition ? condition.by : null;
}

/** What a condition finds on a day; null where nobody can tell. Pure: it reads no day that was not over then. */
export function observeCosts(condition: CostCondition, facts: CostFacts): Finding[] | null {
  if (condition.kind === "no-data") return [observeNoData(condition, facts)];
  if (condition.kind === "missing-days") return [observeGaps(condition, facts)];
  const last = lastWholeDay(facts.covered, facts.today);
  // Without data nobody knows; `no-data` is for those who want to be told of that.
  if (last === null || last < addDays(facts.today, -staleDays)) return null;
  const dimension = dimensionOf(condition);
  const values: [string | null, ReadonlyMap<Day, Decimal>][] = [...facts.series];
  if (dimension === null && values.length === 0) values.push([null, new Map()]);
  return values.flatMap(([value, series]) => {
    const thing = thingOf(condition, dimension, value);
    const found = judge(condition, series, facts.covered, last);
    if (found === null) return [];
    const picture = () => pictureOfDays(series, last, condition.currency);
    return [{ ...thing, ...found, message: `${thing.title}: ${found.message}`, picture }];
  });
}

type Judged = Pick<Finding, "level" | "message" | "weight" | "cause">;

function judge(
  condition: Exclude<CostCondition, { kind: "no-data" | "missing-days" }>,
  series: ReadonlyMap<Day, Decimal>,
  covered: ReadonlySet<Day>,
  last: Day,
): Judged | null {
  switch (condition.kind) {
    case "cost-above":
      return judgeAmount(condition, series, last);
    case "cost-change":
      return judgeChange(condition, series, covered, last);
    case "new-value":
      return judgeNew(condition, series, covered, last);
    case "anomaly":
      return judgeUnusual(condition, series, covered, last);
  }
}

function judgeAmount(
  { window, above, clearAt, currency }: Extract<Condition, { kind: "cost-above" }>,
  series: ReadonlyMap<Day, Decimal>,
  last: Day,
): Judged {
  const days = { day: 1, week: 7, month: Number(last.slice(8)) }[window];
  const cost = costUntil(series, last, days);
  const when = { day: `on ${last}`, week: `in the 7 days to ${last}`, month: `in ${last.slice(0, 7)} so far` }[window];
  return {
    level: levelOf(cost, above, clearAt),
    message: `${amountWords(cost, currency)} ${when}; the threshold is ${amountWords(parseDecimal(above), currency)}.`,
    weight: cost.abs(),
    cause: { start: addDays(last, 1 - days), end: addDays(last, 1) },
  };
}

function judgeChange(
  { days, direction, above, clearAt, leastAmount, currency }: Extract<Condition, { kind: "cost-change" }>,
  series: ReadonlyMap<Day, Decimal>,
  covered: ReadonlySet<Day>,
  last: Day,
): Judged {
  const before = costUntil(series, addDays(last, -days), days);
  const now = costUntil(series, last, days);
  const change = direction === "rise" ? now.minus(before) : before.minus(now);
  const cause = { start: addDays(last, 1 - days), end: addDays(last, 1) };
  const told = `${amountWords(now, currency)} in ${days} days to ${last}, after ${amountWords(before, currency)} in as many before`;
  const weight = change.abs();
  // A gap of the data is no saving, and what was nothing has no percentage.
  const isWhole = daysUntil(last, 2 * days).every((day) => covered.has(day));
  if (!isWhole || !before.greaterThan(zero))
    return { level: "unknown", message: `${told}; nobody can tell the change.`, weight, cause };
  const percent = change.times(100).dividedBy(before);
  const isSmall = change.lessThan(parseDecimal(leastAmount));
  return {
    level: isSmall ? "under" : levelOf(percent, above, clearAt),
    message: `${told}: ${percentWords(percent.abs())} ${percent.isNegative() === (direction === "rise") ? "less" : "more"}.`,
    weight,
    cause,
  };
}

function judgeNew(
  { leastAmount, currency }: Extract<Condition, { kind: "new-value" }>,
  series: ReadonlyMap<Day, Decimal>,
  covered: ReadonlySet<Day>,
  last: Day,
): Judged | null {
  const recent = daysUntil(last, newDays);
  const earlier = daysUntil(addDays(last, -newDays), knownDays);
  const cost = costUntil(series, last, newDays);
  const wasThere = earlier.some((day) => series.get(day)?.isZero() === false);
  // At the beginning of the data everything would be new.
  if (wasThere || !covered.has(earlier.at(-1)!) || !covered.has(addDays(last, -2 * newDays))) return null;
  if (cost.isZero()) return null;
  const first = recent.find((day) => series.get(day)?.isZero() === false) ?? last;
  return {
    level: cost.greaterThanOrEqualTo(parseDecimal(leastAmount)) ? "over" : "under",
    message: `new since ${first}, and cost ${amountWords(cost, currency)} since.`,
    weight: cost.abs(),
    cause: { start: recent[0]!, end: addDays(last, 1) },
  };
}

function judgeUnusual(
  { sensitivity, leastAmount, currency }: Extract<Condition, { kind: "anomaly" }>,
  series: ReadonlyMap<Day, Decimal>,
  covered: ReadonlySet<Day>,
  last: Day,
): Judged {
  const { level, actual, expected } = detectUnusual(series, covered, last, {
    sensitivity,
    leastAmount: parseDecimal(leastAmount),
  });
  const impact = actual.minus(expected);
  const percent = expected.greaterThan(zero) ? `, ${percentWords(impact.abs().times(100).dividedBy(expected))}` : "";
  const way = impact.isNegative() ? "less" : "more";
  return {
    level,
    message: series.has(last)
      ? `${amountWords(actual, currency)} on ${last}, ${amountWords(impact.abs(), currency)}${percent} ${way} than is usual on such a day.`
      : `no charge on ${last}, where ${amountWords(expected, currency)} is usual: it was switched off, or its data is missing.`,
    weight: impact.abs(),
    cause: { start: last, end: addDays(last, 1) },
  };
}

function observeNoData(
  { days, filter }: Extract<Condition, { kind: "no-data" }>,
  { today, series }: CostFacts,
): Finding {
  const last = lastWholeDay(new Set(series.get(null)?.keys()), addDays(today, 1));
  const silent = last === null ? null : daysIn({ start: last, end: addDays(today, 1) }) - 1;
  return {
    subject: "no-data",
    title: "No data",
    message:
      silent === null
        ? "No data: there is none of the last two months."
        : `No data since ${last}, for ${silent} days; the threshold is ${days}.`,
    level: silent === null ? "unknown" : silent > days ? "over" : "under",
    filter,
    weight: zero,
  };
}

function observeGaps({ filter }: Extract<Condition, { kind: "missing-days" }>, { today, series }: CostFacts): Finding {
  const days = [...(series.get(null)?.keys() ?? [])].filter((day) => day < today && day >= addDays(today, -gapDays));
  const [first, last] = [days.toSorted()[0], days.toSorted().at(-1)];
  const missing =
    first === undefined || last === undefined
      ? []
      : daysUntil(last, daysIn({ start: first, end: last }) + 1).filter((day) => !days.includes(day));
  return {
    subject: "missing-days",
    title: "Missing days",
    message:
      missing.length === 0
        ? "Missing days: none."
        : `Missing days: there is no charge of ${missing.slice(0, 5).join(", ")}${missing.length > 5 ? ` and ${missing.length - 5} more days` : ""}, though later days are there.`,
    level: first === undefined ? "unknown" : missing.length > 0 ? "over" : "under",
    filter,
    weight: zero,
  };
}

/** Over the threshold; below it but not below where it clears; or under both. */
export function levelOf(value: Decimal, above: string, clearAt: string | null): Level {
  if (value.greaterThan(parseDecimal(above))) return "over";
  return clearAt !== null && value.greaterThan(parseDecimal(clearAt)) ? "between" : "under";
}

function thingOf(
  condition: Exclude<CostCondition, { kind: "no-data" | "missing-days" }>,
  dimension: AlertDimension | null,
  value: string | null,
): Pick<Finding, "subject" | "title" | "filter"> {
  if (dimension === null) return { subject: condition.kind, title: "Costs", filter: condition.filter };
  const own: CostFilter = { dimension, is: value };
  return {
    subject: `${condition.kind} ${dimension} ${JSON.stringify(value)}`,
    title: `${dimensionWords[dimension]} ${value ?? "not told"}`,
    filter: condition.filter === null ? own : { and: [condition.filter, own] },
  };
}
