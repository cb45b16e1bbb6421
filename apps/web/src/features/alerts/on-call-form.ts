import type { OnCallSchedule } from "@finops/capabilities/on-call/contract";
import { OnCallInput } from "@finops/capabilities/on-call/contract";
import { clockIn } from "@finops/kernel/wall-clock";

export interface OverrideForm {
  personId: string;
  /** As the browser's field for a day and a time has it, by the reader's clock. */
  from: string;
  to: string;
}

export interface OnCallForm {
  name: string;
  timeZone: string;
  people: string[];
  every: "day" | "week";
  weekday: string;
  at: string;
  start: string;
  overrides: OverrideForm[];
}

export function onCallFormOf(schedule: OnCallSchedule | null, timeZone: string, now: Date): OnCallForm {
  return {
    name: schedule?.name ?? "",
    timeZone: schedule?.timeZone ?? timeZone,
    people: schedule?.people.map(({ id }) => id) ?? [],
    every: schedule?.handOver.every ?? "week",
    weekday: String(schedule?.handOver.weekday ?? 1),
    at: schedule?.handOver.at ?? "09:00",
    start: schedule?.start ?? clockIn(timeZone)(now).day,
    overrides:
      schedule?.overrides.map(({ personId, from, to }) => ({ personId, from: localOf(from), to: localOf(to) })) ?? [],
  };
}

/** The schedule as it would be kept, or the first thing that is wrong with it. */
export function readOnCall(form: OnCallForm): { input: OnCallInput; problem: null } | { input: null; problem: string } {
  if (form.overrides.some(({ personId, from, to }) => personId === "" || from === "" || to === ""))
    return { input: null, problem: "Say who takes over, from when and until when." };
  const parsed = OnCallInput.safeParse({
    name: form.name,
    timeZone: form.timeZone.trim(),
    people: form.people.map((personId) => ({ personId })),
    handOver: { every: form.every, weekday: Number(form.weekday), at: form.at },
    start: form.start,
    overrides: form.overrides.map(({ personId, from, to }) => ({ personId, from: instantOf(from), to: instantOf(to) })),
  });
  return parsed.success
    ? { input: parsed.data, problem: null }
    : { input: null, problem: parsed.error.issues[0]!.message };
}

function instantOf(local: string): string {
  const instant = new Date(local);
  return Number.isNaN(instant.getTime()) ? "" : instant.toISOString();
}

function localOf(instant: string): string {
  const at = new Date(instant);
  const part = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${part(at.getMonth() + 1)}-${part(at.getDate())}T${part(at.getHours())}:${part(at.getMinutes())}`;
}
