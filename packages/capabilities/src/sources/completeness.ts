import { addDays, addMonths, type Day, daysIn } from "@finops/kernel/period";
import type { SourceCompleteness } from "./contract.ts";

/** What is known of a source: of each current month its rows of usage by day, and when its bills came. */
export interface SourceFacts {
  key: string;
  name: string;
  months: readonly { billingPeriod: Day; days: Readonly<Record<Day, number>> | null }[];
  arrivals: readonly Date[];
}

const dayMs = 86_400_000;
/** Who uses something on weekdays only lacks no weekends: a source is held to its days where it has most of them. */
const sharePresentMin = 0.75;
/** Fewer intervals between deliveries are no habit. */
const intervalsMin = 3;
/** Of the intervals, the newest count. */
const intervalsMax = 12;
/** Later than so many times the usual interval, and a day at least, is late. */
const lateTimes = 2;

/**
 * What a source lacks. Expected is every day from the first to the last on which it has usage at all, so neither the days before it
 * began nor those that its cloud has not told yet are missing; months whose bills tell no days are left out, and so is a source that
 * has usage on fewer than three quarters of its days. It is late once nothing came for twice the median of the intervals between its
 * last deliveries.
 */
export function computeCompleteness(source: SourceFacts, now: Date): SourceCompleteness {
  const known = source.months.flatMap(({ days }) => Object.keys(days ?? {})).toSorted();
  const [firstDay = null] = known;
  const lastDay = known.at(-1) ?? null;
  const months = source.months
    .toSorted((a, b) => a.billingPeriod.localeCompare(b.billingPeriod))
    .map(({ billingPeriod, days }) => {
      if (days === null) return { billingPeriod, daysExpected: null, missingDays: [] };
      const expected = daysOf(billingPeriod).filter((day) => firstDay! <= day && day <= lastDay!);
      return {
        billingPeriod,
        daysExpected: expected.length,
        missingDays: expected.filter((day) => days[day] === undefined),
      };
    });
  const sum = (count: (month: (typeof months)[number]) => number) => months.reduce((all, one) => all + count(one), 0);
  const expected = sum(({ daysExpected }) => daysExpected ?? 0);
  const isSparse = expected - sum(({ missingDays }) => missingDays.length) < sharePresentMin * expected;
  return {
    source: source.key,
    sourceName: source.name,
    firstDay,
    lastDay,
    months: isSparse ? months.map((month) => ({ ...month, missingDays: [] })) : months,
    ...latenessOf(source.arrivals, now),
  };
}

function daysOf(month: Day): Day[] {
  const length = daysIn({ start: month, end: addMonths(month, 1) });
  return Array.from({ length }, (_, index) => addDays(month, index));
}

function latenessOf(
  arrivals: readonly Date[],
  now: Date,
): Pick<SourceCompleteness, "lastArrival" | "usualIntervalDays" | "lateSince"> {
  const times = arrivals.map((at) => at.getTime()).toSorted((a, b) => a - b);
  const last = times.at(-1);
  if (last === undefined) return { lastArrival: null, usualIntervalDays: null, lateSince: null };
  const lastArrival = new Date(last).toISOString();
  // What comes within the hour is one delivery in pieces.
  const intervals = times
    .slice(1)
    .map((at, index) => at - times[index]!)
    .filter((interval) => interval > dayMs / 24)
    .slice(-intervalsMax)
    .toSorted((a, b) => a - b);
  if (intervals.length < intervalsMin) return { lastArrival, usualIntervalDays: null, lateSince: null };
  const usual = intervals[Math.floor((intervals.length - 1) / 2)]!;
  const dueBy = last + Math.max(lateTimes * usual, usual + dayMs);
  return {
    lastArrival,
    usualIntervalDays: Math.round((usual / dayMs) * 10) / 10,
    lateSince: now.getTime() > dueBy ? new Date(dueBy).toISOString() : null,
  };
}
