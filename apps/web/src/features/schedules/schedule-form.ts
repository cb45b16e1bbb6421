import { type Schedule, ScheduleInput as Input, type ScheduleSubject } from "@finops/capabilities/schedules/contract";

/** A schedule as it is typed. */
export interface ScheduleForm {
  name: string;
  kind: ScheduleSubject["kind"];
  subjectId: string;
  cadence: "daily" | "weekly" | "monthly" | "month-close";
  weekday: string;
  /** `1` to `31`, or `last`. */
  day: string;
  latestDay: string;
  at: string;
  timeZone: string;
  chart: boolean;
  csv: boolean;
  pdf: boolean;
  toOwner: boolean;
  personIds: readonly string[];
  channelIds: readonly string[];
  note: string;
}

/** `start` is what another page asked to be sent, as `view:ID`. */
export function scheduleFormOf(schedule: Schedule | null, start: string): ScheduleForm {
  const [kind = "", subjectId = ""] = start.split(":");
  if (schedule === null)
    return {
      name: "",
      kind: kind === "report" || kind === "budget" ? kind : "view",
      subjectId,
      cadence: "weekly",
      weekday: "1",
      day: "1",
      latestDay: "10",
      at: "08:00",
      timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
      chart: true,
      csv: false,
      pdf: false,
      toOwner: true,
      personIds: [],
      channelIds: [],
      note: "",
    };
  const { cadence, at, timeZone } = schedule.timing;
  return {
    name: schedule.name,
    kind: schedule.sends.kind,
    subjectId: schedule.sends.id,
    cadence: cadence.kind,
    weekday: cadence.kind === "weekly" ? String(cadence.weekday) : "1",
    day: cadence.kind === "monthly" ? String(cadence.day) : "1",
    latestDay: cadence.kind === "month-close" ? String(cadence.latestDay) : "10",
    at,
    timeZone,
    ...schedule.forms,
    toOwner: schedule.toOwner,
    personIds: schedule.personIds,
    channelIds: schedule.channelIds,
    note: schedule.note,
  };
}

export type ReadSchedule = { input: ReturnType<typeof Input.parse>; problem: null } | { input: null; problem: string };

/** The schedule as it would be kept, or the first thing that is wrong with it. */
export function readSchedule(form: ScheduleForm): ReadSchedule {
  const { kind, subjectId, at, timeZone, chart, csv, pdf, toOwner, personIds, channelIds, name, note } = form;
  if (subjectId === "") return { input: null, problem: "Choose what is sent." };
  if (!toOwner && personIds.length + channelIds.length === 0) return { input: null, problem: "Say to whom it goes." };
  const parsed = Input.safeParse({
    name,
    sends: { kind, id: subjectId },
    timing: { cadence: cadenceOf(form), at, timeZone: timeZone.trim() },
    forms: { chart, csv, pdf },
    toOwner,
    personIds,
    channelIds,
    note,
  });
  return parsed.success
    ? { input: parsed.data, problem: null }
    : { input: null, problem: parsed.error.issues[0]!.message };
}

function cadenceOf({ cadence, weekday, day, latestDay }: ScheduleForm): unknown {
  if (cadence === "weekly") return { kind: cadence, weekday: Number(weekday) };
  if (cadence === "monthly") return { kind: cadence, day: day === "last" ? day : Number(day) };
  return cadence === "month-close" ? { kind: cadence, latestDay: Number(latestDay) } : { kind: cadence };
}
