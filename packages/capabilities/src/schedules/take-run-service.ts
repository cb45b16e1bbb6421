import { newId } from "@finops/kernel/id";
import type { Tx } from "@finops/platform/db/database";
import type { ScheduleRun } from "@finops/platform/db/generated/client";
import type { Context } from "@finops/platform/tenancy/context";
import { ScheduleDefinition } from "./contract.ts";
import { closeOf, lastSlot, nextSlot } from "./due.ts";
import { openReason } from "./month-close-service.ts";
import { makingMs, type ScheduleRow } from "./store.ts";

/** A run in the hands of who makes it. */
export interface TakenRun {
  run: ScheduleRun;
  schedule: ScheduleRow;
  definition: ScheduleDefinition;
  /** Why the month that it tells of is not closed, where it was waited for. */
  openMonth: string | null;
}

/** How often a month that is not closed is looked at again. */
const waitMs = 3_600_000;

/**
 * Takes what is to be made next: what somebody asked for, what another one began and died over, or a time that has come. Of times
 * that nobody was there for, the last is taken and the others are counted. `waiting` is a month that is not closed yet.
 */
export async function takeRun(tx: Tx, ctx: Context): Promise<TakenRun | "waiting" | null> {
  const now = ctx.host.clock.now();
  const [begun] = await tx.$queryRaw<{ id: string }[]>`
    select id::text from schedule_run
    where tenant_id = current_tenant() and state = 'making' and taken_until <= ${now}
    order by begun_at, id limit 1 for update skip locked`;
  if (begun !== undefined) return takeBegun(tx, ctx, begun.id, now);
  const [due] = await tx.$queryRaw<{ id: string }[]>`
    select id::text from schedule
    where tenant_id = current_tenant() and deleted_at is null and state = 'on' and look_at <= ${now}
    order by look_at, id limit 1 for update skip locked`;
  if (due === undefined) return null;
  const schedule = await tx.schedule.findFirstOrThrow({ where: { id: due.id } });
  const definition = ScheduleDefinition.parse(schedule.definition);
  const { slot, missed } = lastSlot(definition.timing, schedule.nextSlot, now);
  const close = closeOf(definition.timing, slot);
  const openMonth = close === null ? null : await openReason(tx, ctx.tenantId, close.month);
  if (close !== null && openMonth !== null && now.getTime() < close.latest.getTime()) {
    const lookAt = new Date(Math.min(close.latest.getTime(), now.getTime() + waitMs));
    await tx.schedule.updateMany({ where: { id: schedule.id }, data: { lookAt, nextSlot: slot } });
    return "waiting";
  }
  const next = nextSlot(definition.timing, now);
  await tx.schedule.updateMany({ where: { id: schedule.id }, data: { nextSlot: next, lookAt: next } });
  // A schedule that was moved back and forth comes to the same time twice, and sends it once.
  if ((await tx.scheduleRun.count({ where: { scheduleId: schedule.id, slot } })) > 0) return "waiting";
  const run = await tx.scheduleRun.create({
    data: {
      id: newId(now.getTime()),
      scheduleId: schedule.id,
      slot,
      missed,
      attempts: 1,
      takenUntil: new Date(now.getTime() + makingMs),
      begunAt: now,
    },
  });
  return { run, schedule, definition, openMonth };
}

async function takeBegun(tx: Tx, ctx: Context, id: string, now: Date): Promise<TakenRun> {
  const run = await tx.scheduleRun.update({
    where: { id },
    data: { attempts: { increment: 1 }, takenUntil: new Date(now.getTime() + makingMs) },
    include: { schedule: true },
  });
  const { schedule, ...own } = run;
  const definition = ScheduleDefinition.parse(schedule.definition);
  const close = run.slot === null ? null : closeOf(definition.timing, run.slot);
  const openMonth = close === null ? null : await openReason(tx, ctx.tenantId, close.month);
  return { run: own, schedule, definition, openMonth };
}
