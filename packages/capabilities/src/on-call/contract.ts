import { DocumentPerson } from "@finops/platform/documents/sharing";
import * as z from "zod";

const Name = z.string().trim().min(1, "Give it a name.").max(120);
const Version = z.int().min(1).max(2_000_000_000);
const PersonId = z.string().max(60);
const Instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/, "Write an instant as 2026-12-01T08:00:00Z.");

/** When the next person's turn begins, by the clocks of the schedule's place. */
export const HandOver = z.strictObject({
  every: z.enum(["day", "week"]),
  /** Of weeks: 1 is Monday. */
  weekday: z.int().min(1).max(7).default(1),
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Write a time of day as 09:00.")
    .meta({ example: "09:00" }),
});
export type HandOver = z.infer<typeof HandOver>;

/** Somebody takes over from whoever's turn it is. */
export const Override = z.strictObject({
  personId: PersonId,
  from: Instant.meta({ example: "2026-12-01T08:00:00Z" }),
  to: Instant.meta({ example: "2026-12-02T08:00:00Z" }),
});
export type Override = z.infer<typeof Override>;

const schedule = {
  timeZone: z.string().min(1).max(60).meta({ example: "Europe/Berlin" }),
  /** In the order of their turns. */
  people: z
    .array(z.strictObject({ personId: PersonId }))
    .min(1, "Add a person: somebody has to be on call.")
    .max(50),
  handOver: HandOver,
  /** The first day: from its beginning on the first person has the turn. */
  start: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "Write a day as 2026-11-22."),
  overrides: z.array(Override).max(200).default([]),
};
export const OnCallDefinition = z.object(schedule);
export type OnCallDefinition = z.infer<typeof OnCallDefinition>;

export const OnCallInput = z.strictObject({ name: Name, ...schedule });
export type OnCallInput = z.input<typeof OnCallInput>;

/** The whole schedule as it is to be. `version` is the one that the change was made on. */
export const OnCallChange = z.strictObject({ name: Name, ...schedule, version: Version });
export type OnCallChange = z.input<typeof OnCallChange>;

/** From one hand-over or override to the next. */
export const Shift = z.object({
  /** Null where nobody is on call. */
  person: z.union([DocumentPerson, z.null()]),
  from: z.string(),
  /** Null where it goes on beyond the time that was asked for. */
  to: z.string().nullable(),
  isOverride: z.boolean(),
  /** Why nobody is, or why it is somebody else's turn. */
  reason: z.string().nullable(),
});
export type Shift = z.infer<typeof Shift>;

export const OnCallSchedule = z.object({
  id: z.string(),
  name: z.string(),
  timeZone: z.string(),
  people: z.array(DocumentPerson.extend({ hasLeft: z.boolean() })),
  handOver: HandOver,
  start: z.string(),
  overrides: z.array(Override.extend({ person: DocumentPerson })),
  /** Who is on call as it is read. */
  now: Shift,
  version: z.number(),
  changedBy: DocumentPerson,
  changedAt: z.string(),
  mayChange: z.boolean(),
});
export type OnCallSchedule = z.infer<typeof OnCallSchedule>;
export const OnCallList = z.object({ schedules: z.array(OnCallSchedule) });

export const ShiftsParameters = z.object({ weeks: z.coerce.number().int().min(1).max(26).default(6) });
export type ShiftsParameters = z.infer<typeof ShiftsParameters>;
export const ShiftList = z.object({ shifts: z.array(Shift) });
