import type { Schedule, ScheduleRun, ScheduleSubject, Timing } from "@finops/capabilities/schedules/contract";

export const subjectWords: Record<ScheduleSubject["kind"], string> = {
  view: "Saved view",
  report: "Report",
  budget: "Budget",
};

export const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

/** "On Mondays at 08:00, Europe/Berlin". */
export function timingWords({ cadence, at, timeZone }: Timing): string {
  return `${cadenceWords(cadence)} at ${at}, ${timeZone}`;
}

function cadenceWords(cadence: Timing["cadence"]): string {
  switch (cadence.kind) {
    case "daily":
      return "Every day";
    case "weekly":
      return `On ${weekdays[cadence.weekday - 1]}s`;
    case "monthly":
      return cadence.day === "last" ? "On the last day of a month" : `On day ${cadence.day} of a month`;
    case "month-close":
      return `After a month's close, by day ${cadence.latestDay} of the next`;
  }
}

export const runWords = {
  making: { label: "Being made", tone: "accent" },
  sending: { label: "On its way", tone: "accent" },
  sent: { label: "Sent", tone: "good" },
  partly: { label: "Sent to some", tone: "warning" },
  failed: { label: "Not sent", tone: "bad" },
} as const satisfies Record<ScheduleRun["state"], { label: string; tone: string }>;

/** An instant by the reader's own clock. */
export function instantWords(instant: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(Date.parse(instant));
}

/** What went wrong with a run, of those that it did not reach. */
export function runProblem({ problem, deliveries }: ScheduleRun): string | null {
  const failed = deliveries.filter((one) => one.problem !== null && one.state !== "sent");
  return problem ?? (failed.length === 0 ? null : failed.map((one) => `${one.to}: ${one.problem}`).join(" "));
}

/** What the page says first. */
export function schedulesSentence(schedules: readonly Schedule[]): string {
  const isOn = schedules.filter(({ state }) => state === "on");
  const bad = schedules.filter(({ state, lastRun }) => state === "paused" || lastRun?.state === "failed").length;
  const [next] = isOn.toSorted((a, b) => (a.nextSlot! < b.nextSlot! ? -1 : 1));
  const count = isOn.length;
  const many = count === 0 ? "No schedule is on" : count === 1 ? "One schedule is on" : `${count} schedules are on`;
  const first = next === undefined ? "" : `; the next is ${next.name}, ${instantWords(next.nextSlot!)}`;
  return `${many}${first}.${bad === 0 ? "" : ` ${bad === 1 ? "One is" : `${bad} are`} paused or failed.`}`;
}
