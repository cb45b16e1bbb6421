import { AppError } from "@finops/kernel/app-error";
import { parseDay } from "@finops/kernel/period";
import { checkTimeZone } from "@finops/kernel/wall-clock";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import {
  OnCallChange,
  type OnCallDefinition,
  OnCallInput,
  type OnCallSchedule,
  type Shift,
  ShiftsParameters,
} from "./contract.ts";
import { onCallAt, type PlannedShift, shiftsBetween, type Turn } from "./on-call.ts";
import {
  findColleagues,
  findSchedule,
  insertSchedule,
  KeptDefinition,
  listSchedules,
  type ScheduleRow,
  updateSchedule,
} from "./store.ts";

const schedulesMax = 50;
const weekMs = 7 * 86_400_000;
/** What stands further ahead is looked for no further. */
const aheadMs = 8 * 86_400_000;

/** What still calls people by a schedule, by name: who uses schedules says so. */
export type UsersOfSchedule = (tx: Tx, scheduleId: string) => Promise<string[]>;

/** The schedules of the company by name, each with who is on call. */
export async function listOnCall(ctx: Context): Promise<OnCallSchedule[]> {
  requirePermission(ctx, "alerts:read");
  return ctx.inTenant(async (tx) => {
    const rows = await listSchedules(tx);
    const definitions = rows.map(({ definition }) => KeptDefinition.parse(definition));
    const known = await findColleagues(tx, definitions.flatMap(peopleOf));
    return rows.map((row, index) => toSchedule(ctx, row, definitions[index]!, known));
  });
}

export async function getOnCall(ctx: Context, id: string): Promise<OnCallSchedule> {
  requirePermission(ctx, "alerts:read");
  return ctx.inTenant((tx) => readSchedule(tx, ctx, id));
}

/** Who is on call in the next weeks. */
export async function listShifts(ctx: Context, id: string, input: unknown): Promise<Shift[]> {
  requirePermission(ctx, "alerts:read");
  const { weeks } = ShiftsParameters.parse(input);
  const { definition, known } = await ctx.inTenant(async (tx) => {
    const kept = KeptDefinition.parse((await requireSchedule(tx, id)).definition);
    return { definition: kept, known: await findColleagues(tx, peopleOf(kept)) };
  });
  const now = ctx.host.clock.now();
  const until = new Date(now.getTime() + weeks * weekMs);
  return shiftsBetween(definition, now, until, (person) => known.has(person)).map((shift) =>
    toShift(shift, until, definition, known),
  );
}

export async function createOnCall(ctx: Context, input: unknown): Promise<OnCallSchedule> {
  requireMayWrite(ctx);
  const { name, ...definition } = OnCallInput.parse(input);
  return ctx.inTenant(async (tx) => {
    if ((await listSchedules(tx)).length >= schedulesMax)
      throw new AppError("limit", `A company keeps at most ${schedulesMax} schedules. Delete some that call nobody.`);
    const draft = { name, definition: await checkDefinition(tx, definition) };
    const id = await insertSchedule(tx, draft, ctx.actor, ctx.host.clock.now());
    await audit(tx, ctx, "on-call.created", { after: toJsonColumn({ id, ...draft }) });
    await tell(tx, ctx);
    return readSchedule(tx, ctx, id);
  });
}

/** Throws `conflict` when somebody was faster. */
export async function changeOnCall(ctx: Context, id: string, input: unknown): Promise<OnCallSchedule> {
  requireMayWrite(ctx);
  const { name, version, ...definition } = OnCallChange.parse(input);
  return ctx.inTenant(async (tx) => {
    const before = await requireSchedule(tx, id);
    const draft = { name, definition: await checkDefinition(tx, definition) };
    if (!(await updateSchedule(tx, { id, version }, draft, ctx.actor, ctx.host.clock.now()))) throw overtaken(before);
    await audit(tx, ctx, "on-call.changed", {
      before: toJsonColumn({ id, name: before.name, definition: before.definition }),
      after: toJsonColumn({ id, ...draft }),
    });
    await tell(tx, ctx);
    return readSchedule(tx, ctx, id);
  });
}

/** Throws `conflict` while something calls people by it. */
export async function deleteOnCall(
  ctx: Context,
  id: string,
  version: number,
  usersOf: UsersOfSchedule,
): Promise<OnCallSchedule> {
  requireMayWrite(ctx);
  return ctx.inTenant(async (tx) => {
    const before = await requireSchedule(tx, id);
    const schedule = await readSchedule(tx, ctx, id);
    const users = await usersOf(tx, id);
    if (users.length > 0)
      throw new AppError(
        "conflict",
        `People are called by this schedule: take it out of ${users.map((name) => `"${name}"`).join(", ")} first.`,
      );
    const now = ctx.host.clock.now();
    if (!(await updateSchedule(tx, { id, version }, { deletedAt: now }, ctx.actor, now))) throw overtaken(before);
    await audit(tx, ctx, "on-call.deleted", { before: { id, name: before.name, version } });
    await tell(tx, ctx);
    return schedule;
  });
}

/**
 * Whose turn it is by a schedule, for who calls people; null where there is no such schedule.
 * @param mayBeCalled asked of each person in the order of turns, for what else than belonging to the company it takes
 */
export async function findOnCall(
  tx: Tx,
  id: string,
  now: Date,
  mayBeCalled: (personId: string) => Promise<boolean>,
): Promise<{ schedule: string; turn: Turn; nameOf: (personId: string) => string } | null> {
  const row = await findSchedule(tx, id);
  if (row === null) return null;
  const definition = KeptDefinition.parse(row.definition);
  const there = new Set<string>();
  for (const person of peopleOf(definition)) if (await mayBeCalled(person)) there.add(person);
  const turn = onCallAt(definition, now, (person) => there.has(person));
  return { schedule: row.name, turn, nameOf: (person) => definition.names[person] ?? person };
}

/** What is wrong with a schedule. Throws `invalid`. */
async function checkDefinition(tx: Tx, definition: OnCallDefinition): Promise<KeptDefinition> {
  checkTimeZone(definition.timeZone, "timeZone");
  parseDay(definition.start);
  const byStart = definition.overrides.toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from));
  for (const [index, { from, to }] of byStart.entries()) {
    // What is no instant is no later one either.
    if (!(Date.parse(from) < Date.parse(to)))
      throw new AppError("invalid", "overrides: Somebody takes over from an instant to a later one.");
    const next = byStart[index + 1];
    if (next !== undefined && Date.parse(next.from) < Date.parse(to))
      throw new AppError(
        "invalid",
        "overrides: Two people take over at the same time. Let one end when the other begins.",
      );
  }
  const ids = peopleOf(definition);
  const known = await findColleagues(tx, ids);
  if (ids.some((id) => !known.has(id)))
    throw new AppError(
      "invalid",
      "people: There is no such person in the company, or they have left. Take out who has left, and invite who is new.",
    );
  return { ...definition, names: Object.fromEntries(known) };
}

function peopleOf({ people, overrides }: OnCallDefinition): string[] {
  return [...new Set([...people, ...overrides].map(({ personId }) => personId))];
}

async function readSchedule(tx: Tx, ctx: Context, id: string): Promise<OnCallSchedule> {
  const row = await requireSchedule(tx, id);
  const definition = KeptDefinition.parse(row.definition);
  return toSchedule(ctx, row, definition, await findColleagues(tx, peopleOf(definition)));
}

async function requireSchedule(tx: Tx, id: string): Promise<ScheduleRow> {
  const row = await findSchedule(tx, id);
  if (row === null) throw new AppError("not_found", "There is no such schedule.");
  return row;
}

function requireMayWrite(ctx: Context): void {
  requirePermission(ctx, "alerts:write");
  if (ctx.rowFilters.has("alerts:write"))
    throw new AppError(
      "forbidden",
      'Who is on call is the whole company\'s, and your permission "alerts:write" is limited to a part of the costs. Ask an owner of your company.',
      { facts: { permission: "alerts:write" } },
    );
}

function overtaken({ changedByName, version }: ScheduleRow): AppError {
  return new AppError(
    "conflict",
    `${changedByName} changed this schedule meanwhile. Load it again, and repeat your change.`,
    { facts: { version } },
  );
}

/** Pages of alerts show who is on call. */
async function tell(tx: Tx, { tenantId }: Context): Promise<void> {
  await tx.$queryRaw`select append_live_event(${tenantId}::uuid, 'alerts', 'all', '{}')::text`;
}

function toSchedule(
  ctx: Context,
  row: ScheduleRow,
  definition: KeptDefinition,
  known: ReadonlyMap<string, string>,
): OnCallSchedule {
  const now = ctx.host.clock.now();
  const until = new Date(now.getTime() + aheadMs);
  const [shift] = shiftsBetween(definition, now, until, (person) => known.has(person));
  const { timeZone, handOver, start } = definition;
  return {
    id: row.id,
    name: row.name,
    timeZone,
    people: definition.people.map(({ personId }) => ({
      ...personOf(personId, definition, known),
      hasLeft: !known.has(personId),
    })),
    handOver,
    start,
    overrides: definition.overrides.map((one) => ({ ...one, person: personOf(one.personId, definition, known) })),
    now: toShift(shift!, until, definition, known),
    version: row.version,
    changedBy: { id: row.changedById, name: row.changedByName },
    changedAt: row.changedAt.toISOString(),
    mayChange: ctx.permissions.has("alerts:write") && !ctx.rowFilters.has("alerts:write"),
  };
}

function personOf(id: string, { names }: KeptDefinition, known: ReadonlyMap<string, string>) {
  return { id, name: known.get(id) ?? names[id] ?? "" };
}

function toShift(
  { turn, from, to }: PlannedShift,
  until: Date,
  definition: KeptDefinition,
  known: ReadonlyMap<string, string>,
): Shift {
  const left = turn.passedOver.map((id) => personOf(id, definition, known).name);
  return {
    person: turn.personId === null ? null : personOf(turn.personId, definition, known),
    from: from.toISOString(),
    to: to.getTime() === until.getTime() ? null : to.toISOString(),
    isOverride: turn.personId !== null && turn.isOverride,
    reason:
      turn.personId !== null
        ? left.length === 0
          ? null
          : `Instead of ${left.join(", ")}, who left.`
        : turn.why === "not-begun"
          ? `The rotation begins on ${definition.start}.`
          : "Everybody of the schedule has left the company.",
  };
}
