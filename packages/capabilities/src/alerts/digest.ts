import { addDays } from "@finops/kernel/period";
import { clockIn, instantOf, weekdayOf } from "@finops/kernel/wall-clock";
import { type Digest, severities, type Severity } from "./contract.ts";
import type { AlertMessage } from "./message.ts";

/** So many alerts stand in a digest; the others are counted. */
const kept = 200;

/** The first time after an instant at which a digest is due, by the clocks of its place. */
export function nextDigestAt({ every, weekday, at, timeZone }: Digest, after: Date): Date {
  const clock = clockIn(timeZone);
  for (let day = clock(after).day; ; day = addDays(day, 1)) {
    const due = instantOf(day, at, clock);
    if (due.getTime() > after.getTime() && (every === "day" || weekdayOf(day) === weekday)) return due;
  }
}

interface Entry {
  alert: AlertMessage["alerts"][number];
  rule: string;
  severity: Severity;
  turns: AlertMessage["what"][];
}

/** What was held for a channel, in its order, as one message: each alert once, by severity and rule. */
export function digestOf(
  held: readonly AlertMessage[],
  about: Pick<AlertMessage, "company" | "at" | "url" | "rule">,
): AlertMessage {
  const entries = new Map<string, Entry>();
  for (const { what, rule, severity, alerts } of held)
    for (const alert of alerts) {
      const turns = [...(entries.get(alert.id)?.turns ?? []), what];
      entries.set(alert.id, { alert, rule, severity, turns });
    }
  const all = [...entries.values()].toSorted(
    (a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity) || compare(a.rule, b.rule),
  );
  return {
    ...about,
    what: "digest",
    severity: all[0]?.severity ?? "info",
    alerts: all.slice(0, kept).map(({ alert, rule, severity, turns }) => ({
      ...alert,
      message: `${turnsWords(turns)}: ${alert.message}`,
      group: `${rule} (${severity})`,
    })),
    digest: { summary: summaryOf(all), more: Math.max(0, all.length - kept) },
  };
}

function summaryOf(all: readonly Entry[]): string {
  const fired = all.filter(({ turns }) => turns.includes("fired") || turns.includes("reopened")).length;
  const resolved = all.filter(({ turns }) => turns.at(-1) === "resolved").length;
  if (all.length === 0) return "nothing fired and nothing was resolved";
  const others = all.filter(({ turns }) => turns.every((turn) => turn === "woken")).length;
  return [
    ...(fired > 0 ? [`${fired} fired`] : []),
    ...(resolved > 0 ? [`${resolved} resolved`] : []),
    ...(others > 0 ? [`${others} still there`] : []),
  ].join(", ");
}

const words: Partial<Record<AlertMessage["what"], string>> = {
  fired: "fired",
  reopened: "fired again",
  woken: "still there",
  resolved: "resolved",
};

function turnsWords(turns: readonly AlertMessage["what"][]): string {
  const text = turns.map((turn) => words[turn] ?? turn).join(", ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
