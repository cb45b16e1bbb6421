import { DocumentPerson } from "@finops/platform/documents/sharing";
import * as z from "zod";
import { CostView } from "../views/contract.ts";

const Name = z.string().trim().min(1, "Give it a name.").max(120);
const Id = z.string().min(1).max(60);
const Version = z.int().min(1).max(2_000_000_000);

/** What is sent: a saved view as it is then, a report that is run for it and kept, or how a budget stands. */
export const ScheduleSubject = z.strictObject({ kind: z.enum(["view", "report", "budget"]), id: Id });
export type ScheduleSubject = z.infer<typeof ScheduleSubject>;

/** On which days. `month-close`: once all of the month before is published, on day `latestDay` of the next month in any case. */
export const Cadence = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("daily") }),
  /** 1 is Monday, 7 is Sunday. */
  z.strictObject({ kind: z.literal("weekly"), weekday: z.int().min(1).max(7) }),
  /** A shorter month has its last day for the 29th to the 31st. */
  z.strictObject({ kind: z.literal("monthly"), day: z.union([z.int().min(1).max(31), z.literal("last")]) }),
  z.strictObject({ kind: z.literal("month-close"), latestDay: z.int().min(2).max(28).default(10) }),
]);
export type Cadence = z.infer<typeof Cadence>;

/** When, by the clocks of a place. */
export const Timing = z.strictObject({
  cadence: Cadence,
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Write a time of day as 08:00.")
    .meta({ example: "08:00" }),
  timeZone: z.string().min(1).max(60).meta({ example: "Europe/Berlin" }),
});
export type Timing = z.infer<typeof Timing>;

const fields = {
  name: Name,
  sends: ScheduleSubject,
  timing: Timing,
  /** The figures stand in the message in any case. CSV has every digit of them and takes `exports:write`. */
  forms: z
    .strictObject({
      chart: z.boolean().default(true),
      csv: z.boolean().default(false),
      pdf: z.boolean().default(false),
    })
    .default({ chart: true, csv: false, pdf: false }),
  /** To who makes it, other people of the company by mail, and channels. Others take `views:write`, channels `alerts:write` too. */
  toOwner: z.boolean().default(true),
  personIds: z.array(Id).max(50).default([]),
  channelIds: z.array(Id).max(10).default([]),
  /** Said above the figures. */
  note: z.string().trim().max(1000).default(""),
};

export const ScheduleInput = z.strictObject(fields);
export type ScheduleInput = z.input<typeof ScheduleInput>;

/** The whole schedule as it is to be. `version` is the one that the change was made on. */
export const ScheduleChange = z.strictObject({ ...fields, version: Version });
export type ScheduleChange = z.input<typeof ScheduleChange>;

export const SchedulePause = z.strictObject({ isPaused: z.boolean(), version: Version });
export type SchedulePause = z.infer<typeof SchedulePause>;

const { name: _, ...definition } = fields;
export const ScheduleDefinition = z.object(definition);
export type ScheduleDefinition = z.infer<typeof ScheduleDefinition>;

/** `partly`: it reached some of those that it was for. */
export const runStates = ["making", "sending", "sent", "partly", "failed"] as const;

export const ScheduleDelivery = z.object({
  to: z.string(),
  state: z.enum(["queued", "sent", "dead"]),
  attempts: z.number(),
  problem: z.string().nullable(),
  sentAt: z.string().nullable(),
});
export type ScheduleDelivery = z.infer<typeof ScheduleDelivery>;

export const ScheduleRun = z.object({
  id: z.string(),
  /** The time that it was due for; null where somebody asked for it. */
  slot: z.string().nullable(),
  /** Times before it that nobody sent, since nothing ran. */
  missed: z.number(),
  state: z.enum(runStates),
  problem: z.string().nullable(),
  /** Of the message with all that hangs on it. */
  bytes: z.number().nullable(),
  begunAt: z.string(),
  endedAt: z.string().nullable(),
  deliveries: z.array(ScheduleDelivery),
});
export type ScheduleRun = z.infer<typeof ScheduleRun>;
export const ScheduleRunList = z.object({ runs: z.array(ScheduleRun) });

export const Schedule = ScheduleDefinition.extend({
  id: z.string(),
  name: z.string(),
  /** What it sends is called; null for what was deleted, or is no longer shown to who asks. */
  subjectName: z.string().nullable(),
  state: z.enum(["on", "paused"]),
  /** Why it is paused. */
  problem: z.string().nullable(),
  /** When it is due next; null while it is paused. */
  nextSlot: z.string().nullable(),
  lastRun: z.union([ScheduleRun, z.null()]),
  version: z.number(),
  owner: DocumentPerson,
  changedAt: z.string(),
  /** Whether it is one's own: then one may change and send it. Who may change settings pauses and deletes those of others. */
  isOwn: z.boolean(),
});
export type Schedule = z.infer<typeof Schedule>;
export const ScheduleList = z.object({ schedules: z.array(Schedule) });

/** A view as it is on the screen, saved or not, that is to be printed. */
export const PrintViewInput = z.strictObject({
  view: CostView,
  /** Where it is shown, after the host's own address: the paper leads back to it. */
  path: z
    .string()
    .max(8000)
    .regex(/^\/explorer(\?\S*)?$/, "Give the explorer's own address, from /explorer on.")
    .default("/explorer"),
});
export type PrintViewInput = z.input<typeof PrintViewInput>;

export const SendNowInput = z.strictObject({ to: z.enum(["me", "all"]) });
export type SendNowInput = z.infer<typeof SendNowInput>;
