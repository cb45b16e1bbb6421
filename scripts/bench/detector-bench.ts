import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { detectUnusual, learntDays } from "@finops/capabilities/alerts/anomaly";
import { decimal, type Decimal, zero } from "@finops/kernel/decimal";
import { addDays, type Day } from "@finops/kernel/period";
import { randomFrom } from "../crash/random.ts";
import type { Bench } from "./bench.ts";
import { type EventKind, eventKinds, firstDay, type Levels, makeSeries, withEvent } from "./made-series.ts";
import { type Result, result } from "./results.ts";

const days = 365;
/** What is about the same for longer than this is one anomaly. */
const quietDays = 7;
/** By how much an event changes a cost. */
const factors = { least: 1.5, most: 3 };
const sensitivities = ["low", "medium", "high"] as const;

/**
 * What the detector finds of events that were put into series, and how often it calls a day of the untouched series unusual. An
 * event counts only where nothing is said of those days without it.
 */
export const detectorBench: Bench = {
  name: "detector",
  about:
    "events put into made series and, where FINOPS_ACCEPTANCE_DATA is, into NN5: how many are found, and false alerts",
  async run(bench) {
    const sets = [{ name: "made", series: makeSeries(60, days) }, ...readNn5()];
    const results: Result[] = [];
    for (const { name, series } of sets)
      for (const sensitivity of sensitivities) {
        bench.say(`Looking at ${series.length} series (${name}) with ${sensitivity} sensitivity`);
        results.push(...measure(name, series, sensitivity));
      }
    return results;
  },
};

function measure(name: string, series: readonly Levels[], sensitivity: (typeof sensitivities)[number]): Result[] {
  const random = randomFrom(90);
  const looks = series.map((levels) => ({ levels, alerts: alertsOf(levels, learntDays, levels.length, sensitivity) }));
  const watched = looks.reduce((sum, { levels }) => sum + levels.length - learntDays, 0);
  const falseAlerts = looks.reduce((sum, { alerts }) => sum + startsOf(alerts).length, 0);
  const counts = new Map<EventKind, { found: number; put: number }>();
  for (const { levels, alerts } of looks)
    for (const kind of eventKinds) {
      const at = learntDays + Math.floor(random() * (levels.length - learntDays - 31));
      const factor = factors.least + random() * (factors.most - factors.least);
      const event = withEvent(levels, kind, at, factor);
      if (alerts.some((day) => day >= at && day < event.until)) continue;
      const count = counts.get(kind) ?? { found: 0, put: 0 };
      counts.set(kind, count);
      count.put += 1;
      if (alertsOf(event.levels, at, event.until, sensitivity).length > 0) count.found += 1;
    }
  const all = [...counts.values()];
  const share = (some: readonly { found: number; put: number }[]) =>
    (100 * some.reduce((sum, { found }) => sum + found, 0)) / some.reduce((sum, { put }) => sum + put, 0);
  const title = `${name}, ${sensitivity}`;
  return [
    // Who wants to hear of more takes more false alerts for it.
    result(
      `${title}: false alerts per series in 90 days`,
      (falseAlerts * 90) / watched,
      "",
      sensitivity === "high" ? null : { atMost: 1 },
    ),
    result(`${title}: events found`, share(all), "%"),
    ...[...counts].map(([kind, count]) => result(`${title}: ${kind} found of ${count.put}`, share([count]), "%")),
  ];
}

/** The days, by their index, that a detector calls unusual. */
function alertsOf(levels: Levels, from: number, until: number, sensitivity: (typeof sensitivities)[number]): number[] {
  const dayAt = (index: number): Day => addDays(firstDay, index);
  const known = levels.flatMap((level, index) =>
    Number.isNaN(level) ? [] : [[dayAt(index), decimal(level.toFixed(2))] as const],
  );
  const series = new Map<Day, Decimal>(known);
  const covered = new Set(series.keys());
  const options = { sensitivity, leastAmount: zero };
  return Array.from({ length: until - from }, (_, index) => from + index).filter(
    (index) => detectUnusual(series, covered, dayAt(index), options).level === "over",
  );
}

function startsOf(alerts: readonly number[]): number[] {
  return alerts.filter((day, index) => index === 0 || day - alerts[index - 1]! > quietDays);
}

/** Daily withdrawals of 111 cash machines, summed by eleven: what has weekdays, holidays and gaps, and nobody made up. */
function readNn5(): { name: string; series: Levels[] }[] {
  const path = join(process.env["FINOPS_ACCEPTANCE_DATA"] ?? "../shared/data", "nn5/nn5.jsonl");
  if (!existsSync(path)) return [];
  const all = readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { x: (number | null)[] }).x.slice(0, days));
  const sums = Array.from({ length: Math.floor(all.length / 11) }, (_, at) =>
    Array.from({ length: days }, (_day, day) =>
      all.slice(at * 11, at * 11 + 11).reduce((sum, one) => sum + (one[day] ?? 0), 0),
    ),
  );
  return [{ name: "NN5 sums", series: sums }];
}
