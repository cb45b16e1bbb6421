import { isId, newId } from "@finops/kernel/id";
import type { Tx } from "@finops/platform/db/database";
import type { Schedule as ScheduleRow } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import { enqueue } from "@finops/platform/jobs/work-items";
import type { Actor } from "@finops/platform/tenancy/context";
import type { ScheduleDefinition } from "./contract.ts";

/** Rows of schedules and of their runs. Every function sees one company's rows, by the transaction that it is given. */

export type { ScheduleRow };

export const schedulesPool = "schedules";

/** Who makes a run has so long; then it is begun again. */
export const makingMs = 300_000;

const lastRun = {
  runs: { orderBy: { begunAt: "desc" }, take: 1, include: { deliveries: { orderBy: { name: "asc" } } } },
} as const;
export type ScheduleWithRun = Awaited<ReturnType<typeof listScheduleRows>>[number];
export type RunRow = Awaited<ReturnType<typeof listRunRows>>[number];

export interface ScheduleDraft {
  name: string;
  definition: ScheduleDefinition;
  nextSlot: Date;
}

/** By name; one person's, or all of the company. What runs sent is left out: it is large. */
export function listScheduleRows(tx: Tx, ownerId: string | null) {
  return tx.schedule.findMany({
    where: { deletedAt: null, ...(ownerId === null ? {} : { ownerId }) },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    include: { runs: { ...lastRun.runs, omit: { content: true } } },
  });
}

export async function findSchedule(tx: Tx, id: string): Promise<ScheduleWithRun | null> {
  if (!isId(id)) return null;
  return tx.schedule.findFirst({
    where: { id, deletedAt: null },
    include: { runs: { ...lastRun.runs, omit: { content: true } } },
  });
}

export async function insertSchedule(tx: Tx, draft: ScheduleDraft, by: Actor, now: Date): Promise<string> {
  const { id } = await tx.schedule.create({
    data: {
      id: newId(now.getTime()),
      ...columnsOf(draft),
      ownerId: by.id,
      ownerName: by.name,
      createdAt: now,
      changedAt: now,
    },
    select: { id: true },
  });
  return id;
}

/** False where the schedule is at another version by now. */
export async function updateSchedule(
  tx: Tx,
  { id, version }: { id: string; version: number },
  change: Partial<ReturnType<typeof columnsOf>> & {
    state?: "on" | "paused";
    problem?: string | null;
    deletedAt?: Date;
  },
  now: Date,
): Promise<boolean> {
  const { count } = await tx.schedule.updateMany({
    where: { id, version, deletedAt: null },
    data: { ...change, version: version + 1, changedAt: now },
  });
  return count === 1;
}

/** A time that is over is not made up for when a schedule is changed or goes on. */
export function columnsOf({ name, definition, nextSlot }: ScheduleDraft) {
  return { name, definition: toJsonColumn(definition), nextSlot, lookAt: nextSlot };
}

export function listRunRows(tx: Tx, scheduleId: string) {
  return tx.scheduleRun.findMany({
    where: { scheduleId },
    orderBy: [{ begunAt: "desc" }, { id: "desc" }],
    take: 100,
    omit: { content: true },
    include: { deliveries: { orderBy: { name: "asc" } } },
  });
}

/** One that somebody asked for; it is made as soon as somebody looks. */
export async function insertRun(tx: Tx, scheduleId: string, onlyTo: string | null, now: Date): Promise<string> {
  const { id } = await tx.scheduleRun.create({
    data: { id: newId(now.getTime()), scheduleId, onlyTo, takenUntil: now, begunAt: now },
    select: { id: true },
  });
  await askForSchedules(tx);
  return id;
}

/** Wakes those who make and send for the company, once. */
export async function askForSchedules(tx: Tx): Promise<void> {
  const waiting = await tx.workItem.count({ where: { kind: "send-schedules", state: "queued" } });
  if (waiting === 0) await enqueue(tx, { kind: "send-schedules", pool: schedulesPool, payload: {} });
}
