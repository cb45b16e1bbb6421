import { AppError } from "@finops/kernel/app-error";
import { checkTimeZone } from "@finops/kernel/wall-clock";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import { findReportChannel } from "../alerts/index.ts";
import {
  type Schedule,
  ScheduleChange,
  ScheduleDefinition,
  ScheduleInput,
  SchedulePause,
  type ScheduleRun,
  SendNowInput,
} from "./contract.ts";
import { nextSlot } from "./due.ts";
import {
  columnsOf,
  findSchedule,
  insertRun,
  insertSchedule,
  listRunRows,
  listScheduleRows,
  type RunRow,
  type ScheduleWithRun,
  updateSchedule,
} from "./store.ts";
import { nameSubject } from "./subject-service.ts";

const schedulesMax = 200;
/** So often a schedule is sent by hand: each is mail to people. */
const sendsPerHourMax = 20;

/** One's own schedules; all of the company for who may change its settings. */
export async function listSchedules(ctx: Context): Promise<Schedule[]> {
  requirePermission(ctx, "costs:read");
  const rows = await ctx.inTenant((tx) => listScheduleRows(tx, mayTidy(ctx) ? null : ctx.actor.id));
  const schedules: Schedule[] = [];
  for (const row of rows) schedules.push(await toSchedule(ctx, row));
  return schedules;
}

export async function getSchedule(ctx: Context, id: string): Promise<Schedule> {
  requirePermission(ctx, "costs:read");
  return toSchedule(ctx, await ctx.inTenant((tx) => requireSchedule(tx, ctx, id)));
}

/** What was sent, and what became of it; the newest first. */
export async function listScheduleRuns(ctx: Context, id: string): Promise<ScheduleRun[]> {
  requirePermission(ctx, "costs:read");
  return ctx.inTenant(async (tx) => {
    await requireSchedule(tx, ctx, id);
    return (await listRunRows(tx, id)).map(toRun);
  });
}

/** Everybody who sees costs may have them sent to themselves; see the contract for the rest. */
export async function createSchedule(ctx: Context, input: unknown): Promise<Schedule> {
  requirePermission(ctx, "costs:read");
  const { name, ...definition } = ScheduleInput.parse(input);
  if (ctx.actor.kind !== "person")
    throw new AppError("forbidden", "A schedule tells what its owner sees, so a person makes it, not a key.");
  await checkDefinition(ctx, definition);
  const id = await ctx.inTenant(async (tx) => {
    if ((await tx.schedule.count({ where: { deletedAt: null } })) >= schedulesMax)
      throw new AppError("limit", `A company keeps at most ${schedulesMax} schedules. Delete some that nobody reads.`);
    await checkReceivers(tx, definition);
    const now = ctx.host.clock.now();
    const made = await insertSchedule(
      tx,
      { name, definition, nextSlot: nextSlot(definition.timing, now) },
      ctx.actor,
      now,
    );
    await audit(tx, ctx, "schedule.created", { after: toJsonColumn({ id: made, name, ...definition }) });
    return made;
  });
  return getSchedule(ctx, id);
}

/** Throws `conflict` when somebody was faster. A time that is over is not made up for. */
export async function changeSchedule(ctx: Context, id: string, input: unknown): Promise<Schedule> {
  requirePermission(ctx, "costs:read");
  const { name, version, ...definition } = ScheduleChange.parse(input);
  await checkDefinition(ctx, definition);
  await ctx.inTenant(async (tx) => {
    const before = requireOwn(ctx, await requireSchedule(tx, ctx, id));
    await checkReceivers(tx, definition);
    const now = ctx.host.clock.now();
    const draft = columnsOf({ name, definition, nextSlot: nextSlot(definition.timing, now) });
    if (!(await updateSchedule(tx, { id, version }, draft, now))) throw overtaken(before);
    await audit(tx, ctx, "schedule.changed", {
      before: toJsonColumn({ id, name: before.name, definition: before.definition }),
      after: toJsonColumn({ id, name, definition }),
    });
  });
  return getSchedule(ctx, id);
}

/** Pauses a schedule, or has it go on with the next time that comes. */
export async function pauseSchedule(ctx: Context, id: string, input: unknown): Promise<Schedule> {
  requirePermission(ctx, "costs:read");
  const { isPaused, version } = SchedulePause.parse(input);
  await ctx.inTenant(async (tx) => {
    const before = await requireSchedule(tx, ctx, id);
    if (!isPaused) requireOwn(ctx, before);
    const now = ctx.host.clock.now();
    const next = nextSlot(ScheduleDefinition.parse(before.definition).timing, now);
    const change = isPaused
      ? { state: "paused" as const, problem: `${ctx.actor.name} paused it.` }
      : { state: "on" as const, problem: null, nextSlot: next, lookAt: next };
    if (!(await updateSchedule(tx, { id, version }, change, now))) throw overtaken(before);
    await audit(tx, ctx, isPaused ? "schedule.paused" : "schedule.resumed", { after: { id, name: before.name } });
  });
  return getSchedule(ctx, id);
}

export async function deleteSchedule(ctx: Context, id: string, version: number): Promise<void> {
  requirePermission(ctx, "costs:read");
  await ctx.inTenant(async (tx) => {
    const before = await requireSchedule(tx, ctx, id);
    const now = ctx.host.clock.now();
    if (!(await updateSchedule(tx, { id, version }, { deletedAt: now }, now))) throw overtaken(before);
    await audit(tx, ctx, "schedule.deleted", { before: { id, name: before.name, version } });
  });
}

/** Sends it now, to oneself or to everybody that it names; the run tells what became of it. */
export async function sendScheduleNow(ctx: Context, id: string, input: unknown): Promise<ScheduleRun> {
  requirePermission(ctx, "costs:read");
  const { to } = SendNowInput.parse(input);
  return ctx.inTenant(async (tx) => {
    const { name } = requireOwn(ctx, await requireSchedule(tx, ctx, id));
    const now = ctx.host.clock.now();
    const since = new Date(now.getTime() - 3_600_000);
    const sent = await tx.scheduleRun.count({ where: { scheduleId: id, slot: null, begunAt: { gt: since } } });
    if (sent >= sendsPerHourMax)
      throw new AppError("limit", `It was sent by hand ${sendsPerHourMax} times within the hour. Wait a while.`);
    const runId = await insertRun(tx, id, to === "me" ? ctx.actor.id : null, now);
    await audit(tx, ctx, "schedule.sent-now", { after: { id, name, to } });
    return toRun((await listRunRows(tx, id)).find((run) => run.id === runId)!);
  });
}

/** Whether somebody may send this: what it is of is shown to them, and others are told by who may tell them. */
async function checkDefinition(ctx: Context, definition: ScheduleDefinition): Promise<void> {
  const { timing, toOwner, personIds, channelIds, forms, sends } = definition;
  checkTimeZone(timing.timeZone, "timing.timeZone");
  if (!toOwner && personIds.length + channelIds.length === 0)
    throw new AppError("invalid", "personIds: Say to whom it goes: a person or a channel.");
  if (tellsOthers(definition, ctx.actor.id)) requirePermission(ctx, "views:write");
  if (channelIds.length > 0) requirePermission(ctx, "alerts:write");
  if (forms.csv) requirePermission(ctx, "exports:write");
  if ((await nameSubject(ctx, sends)) === null)
    throw new AppError("not_found", `There is no such ${sends.kind}, or it is not shown to you.`);
}

export function tellsOthers({ personIds, channelIds }: ScheduleDefinition, ownerId: string): boolean {
  return channelIds.length > 0 || personIds.some((id) => id !== ownerId);
}

async function checkReceivers(tx: Tx, { personIds, channelIds }: ScheduleDefinition): Promise<void> {
  for (const id of channelIds) await findReportChannel(tx, id, "channelIds");
  const known = await tx.membership.findMany({
    where: { userId: { in: personIds.filter((id) => /^[0-9a-f-]{36}$/.test(id)) }, deactivatedAt: null },
    select: { userId: true },
  });
  if (known.length !== new Set(personIds).size)
    throw new AppError("invalid", "personIds: Somebody of these does not belong to the company.");
}

function mayTidy(ctx: Context): boolean {
  return ctx.permissions.has("settings:write");
}

async function requireSchedule(tx: Tx, ctx: Context, id: string): Promise<ScheduleWithRun> {
  const row = await findSchedule(tx, id);
  if (row === null || (row.ownerId !== ctx.actor.id && !mayTidy(ctx)))
    throw new AppError("not_found", "There is no such schedule.");
  return row;
}

function requireOwn(ctx: Context, row: ScheduleWithRun): ScheduleWithRun {
  if (row.ownerId === ctx.actor.id) return row;
  throw new AppError(
    "forbidden",
    `It tells what ${row.ownerName} sees, so nobody else changes or sends it. Make one of your own.`,
  );
}

function overtaken({ version }: ScheduleWithRun): AppError {
  return new AppError("conflict", "This schedule changed meanwhile. Load it again, and repeat your change.", {
    facts: { version },
  });
}

async function toSchedule(ctx: Context, row: ScheduleWithRun): Promise<Schedule> {
  const definition = ScheduleDefinition.parse(row.definition);
  const isOn = row.state === "on";
  return {
    ...definition,
    id: row.id,
    name: row.name,
    subjectName: await nameSubject(ctx, definition.sends),
    state: isOn ? "on" : "paused",
    problem: row.problem,
    nextSlot: isOn ? row.nextSlot.toISOString() : null,
    lastRun: row.runs[0] === undefined ? null : toRun(row.runs[0]),
    version: row.version,
    owner: { id: row.ownerId, name: row.ownerName },
    changedAt: row.changedAt.toISOString(),
    isOwn: row.ownerId === ctx.actor.id,
  };
}

function toRun(row: RunRow): ScheduleRun {
  return {
    id: row.id,
    slot: row.slot?.toISOString() ?? null,
    missed: row.missed,
    state: row.state as ScheduleRun["state"],
    problem: row.problem,
    bytes: row.bytes,
    begunAt: row.begunAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    deliveries: row.deliveries.map(({ name, state, attempts, problem, sentAt }) => ({
      to: name,
      state: state as ScheduleRun["deliveries"][number]["state"],
      attempts,
      problem,
      sentAt: sentAt?.toISOString() ?? null,
    })),
  };
}
