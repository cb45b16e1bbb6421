import { isId, newId } from "@finops/kernel/id";
import type { Tx } from "@finops/platform/db/database";
import type { OnCallSchedule as ScheduleRow } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Actor } from "@finops/platform/tenancy/context";
import * as z from "zod";
import { OnCallDefinition } from "./contract.ts";

export type { ScheduleRow };

/** With what people were called when it was written: who has left is still named. */
export const KeptDefinition = OnCallDefinition.extend({ names: z.record(z.string(), z.string()) });
export type KeptDefinition = z.infer<typeof KeptDefinition>;

export function listSchedules(tx: Tx): Promise<ScheduleRow[]> {
  return tx.onCallSchedule.findMany({ where: { deletedAt: null }, orderBy: [{ name: "asc" }, { id: "asc" }] });
}

export async function findSchedule(tx: Tx, id: string): Promise<ScheduleRow | null> {
  return isId(id) ? tx.onCallSchedule.findFirst({ where: { id, deletedAt: null } }) : null;
}

interface Draft {
  name: string;
  definition: KeptDefinition;
}

export async function insertSchedule(tx: Tx, { name, definition }: Draft, by: Actor, now: Date): Promise<string> {
  const id = newId(now.getTime());
  const changed = { changedById: by.id, changedByName: by.name, changedAt: now };
  await tx.onCallSchedule.create({
    data: { id, name, definition: toJsonColumn(definition), ...changed, createdAt: now },
  });
  return id;
}

/** False where the schedule is at another version by now. */
export async function updateSchedule(
  tx: Tx,
  { id, version }: { id: string; version: number },
  change: Draft | { deletedAt: Date },
  by: Actor,
  now: Date,
): Promise<boolean> {
  const { count } = await tx.onCallSchedule.updateMany({
    where: { id, version, deletedAt: null },
    data: {
      ...("deletedAt" in change ? change : { name: change.name, definition: toJsonColumn(change.definition) }),
      version: version + 1,
      changedById: by.id,
      changedByName: by.name,
      changedAt: now,
    },
  });
  return count === 1;
}

/** What those of these people are called who belong to the company and may come in. */
export async function findColleagues(tx: Tx, ids: Iterable<string>): Promise<ReadonlyMap<string, string>> {
  const members = await tx.membership.findMany({
    where: { userId: { in: [...ids].filter(isId) }, deactivatedAt: null, user: { disabledAt: null } },
    include: { user: true },
  });
  return new Map(members.map(({ user }) => [user.id, user.name === "" ? user.email : user.name]));
}
