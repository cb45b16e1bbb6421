import { isId, newId } from "@finops/kernel/id";
import type { Day } from "@finops/kernel/period";
import type { Tx } from "@finops/platform/db/database";
import { columnToDay, dayToColumn } from "@finops/platform/db/day-column";
import type { Budget as BudgetRow } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Actor } from "@finops/platform/tenancy/context";
import type { Moment } from "./evaluate.ts";
import { BudgetDefinition, type BudgetStanding } from "./contract.ts";
import { dayIn } from "./periods.ts";

/** A budget as it is kept. */
export interface KeptBudget extends Pick<BudgetRow, "id" | "name" | "parentId" | "version"> {
  definition: BudgetDefinition;
}

export interface BudgetDraft {
  name: string;
  parentId: string | null;
  owner: { id: string; name: string };
  definition: BudgetDefinition;
}

const currentStanding = { standings: { orderBy: { evaluatedAt: "desc" }, take: 1 } } as const;
export type StandingBudgetRow = Awaited<ReturnType<typeof findBudgets>>[number];

/** Changes of a company's budgets go one after the other, so that two cannot make a circle of the tree. */
export async function lockBudgets(tx: Tx, tenantId: string): Promise<void> {
  await tx.$queryRaw`select pg_advisory_xact_lock(hashtextextended('budgets ' || ${tenantId}, 0))::text`;
}

/** Has the budgets worked out again, once however often it is asked for. */
export async function askForBudgets(tx: Tx, tenantId: string): Promise<void> {
  await tx.$queryRaw`select ask_for_budgets(${tenantId}::uuid)::text`;
}

export async function tellBudgets(tx: Tx, tenantId: string): Promise<void> {
  await tx.$queryRaw`select append_live_event(${tenantId}::uuid, 'budgets', 'all', '{}')::text`;
}

/** What the company reckons by, on a day of its own. */
export async function readMoment(tx: Tx, tenantId: string, now: Date): Promise<Moment> {
  const { fiscalYearStart, timeZone } = await tx.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: { fiscalYearStart: true, timeZone: true },
  });
  return { today: dayIn(timeZone, now), fiscalYearStart };
}

export async function listKept(tx: Tx): Promise<KeptBudget[]> {
  const rows = await tx.budget.findMany({
    where: { deletedAt: null },
    select: { id: true, name: true, parentId: true, version: true, definition: true },
  });
  return rows.map((row) => ({ ...row, definition: BudgetDefinition.parse(row.definition) }));
}

/** A budget with who answers for it. */
export interface OwnedBudget extends KeptBudget {
  owner: { id: string; name: string };
}

export async function listOwned(tx: Tx): Promise<OwnedBudget[]> {
  const rows = await tx.budget.findMany({
    where: { deletedAt: null },
    select: { id: true, name: true, parentId: true, version: true, definition: true, ownerId: true, ownerName: true },
  });
  return rows.map(({ ownerId, ownerName, ...row }) => ({
    ...row,
    definition: BudgetDefinition.parse(row.definition),
    owner: { id: ownerId, name: ownerName },
  }));
}

/** What every budget was, oldest first. */
export function listAmountVersions(tx: Tx) {
  return tx.budgetVersion.findMany({
    where: { budget: { deletedAt: null } },
    orderBy: [{ budgetId: "asc" }, { version: "asc" }],
    select: { budgetId: true, parentId: true, definition: true, changedAt: true },
  });
}

/** What was expected of each period when it was last looked at while it ran. */
export function listLastLooks(tx: Tx): Promise<{ budgetId: string; periodStart: Date; day: Date; expected: string }[]> {
  return tx.$queryRaw`
    select budget_id as "budgetId", period_start as "periodStart", day, standing->>'expected' as expected
    from budget_standing
    where tenant_id = current_tenant() and day < period_end and standing->>'expected' is not null`;
}

/** Budgets whose costs a unit or a view says. */
export async function listScopedRows(tx: Tx): Promise<BudgetRow[]> {
  return tx.budget.findMany({
    where: {
      deletedAt: null,
      OR: ["unit", "view"].map((kind) => ({ definition: { path: ["scope", "kind"], equals: kind } })),
    },
    orderBy: { id: "asc" },
  });
}

/** Budgets whose limits follow a unit metric. */
export async function listFollowingRows(tx: Tx): Promise<BudgetRow[]> {
  return tx.budget.findMany({
    where: { deletedAt: null, definition: { path: ["amount", "kind"], equals: "unit" } },
    orderBy: { id: "asc" },
  });
}

/** Budgets by name from a place on, with how they stand. */
export function listBudgetRows(tx: Tx, after: readonly [string, string] | null, take: number) {
  return tx.budget.findMany({
    where: {
      deletedAt: null,
      ...(after === null ? {} : { OR: [{ name: { gt: after[0] } }, { name: after[0], id: { gt: after[1] } }] }),
    },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take,
    include: currentStanding,
  });
}

export function findBudgets(tx: Tx, ids: readonly string[]) {
  return tx.budget.findMany({ where: { id: { in: ids.filter(isId) }, deletedAt: null }, include: currentStanding });
}

export async function insertBudget(tx: Tx, draft: BudgetDraft, by: Actor, now: Date): Promise<string> {
  const { id } = await tx.budget.create({
    data: {
      id: newId(now.getTime()),
      name: draft.name,
      parentId: draft.parentId,
      definition: toJsonColumn(draft.definition),
      ownerId: draft.owner.id,
      ownerName: draft.owner.name,
      changedById: by.id,
      changedByName: by.name,
      createdAt: now,
      changedAt: now,
    },
    select: { id: true },
  });
  return id;
}

/** False where the budget is at another version by now. */
export async function updateBudget(
  tx: Tx,
  { id, version }: { id: string; version: number },
  draft: BudgetDraft,
  by: Actor,
  now: Date,
): Promise<boolean> {
  const { count } = await tx.budget.updateMany({
    where: { id, version, deletedAt: null },
    data: {
      name: draft.name,
      parentId: draft.parentId,
      definition: toJsonColumn(draft.definition),
      ownerId: draft.owner.id,
      ownerName: draft.owner.name,
      version: version + 1,
      changedById: by.id,
      changedByName: by.name,
      changedAt: now,
    },
  });
  return count === 1;
}

/** What a change left behind, and why it was made. */
export async function keepVersion(tx: Tx, id: string, reason: string): Promise<void> {
  const row = await tx.budget.findFirstOrThrow({ where: { id } });
  await tx.budgetVersion.create({
    data: {
      budgetId: id,
      version: row.version,
      parentId: row.parentId,
      name: row.name,
      definition: toJsonColumn(row.definition),
      ownerId: row.ownerId,
      ownerName: row.ownerName,
      reason,
      changedById: row.changedById,
      changedByName: row.changedByName,
      changedAt: row.changedAt,
    },
  });
}

export interface NewStanding {
  budgetId: string;
  version: number;
  standing: BudgetStanding;
}

export interface StoredStanding {
  budgetId: string;
  version: number;
  day: Date;
  standing: unknown;
  earlier: unknown;
}

/** How each budget stood when it was looked at last: of all its periods, the one that was. */
export function listStandings(tx: Tx): Promise<StoredStanding[]> {
  return tx.$queryRaw<StoredStanding[]>`
    select distinct on (budget_id) budget_id as "budgetId", version, day, standing, earlier
    from budget_standing where tenant_id = current_tenant() order by budget_id, evaluated_at desc`;
}

/**
 * Keeps how budgets stand, and what came into another state. What was kept for an earlier day stays beside it, for what changed
 * since; what was kept for the same day makes place. Who began before something was published and comes after who read that
 * changes nothing.
 */
export async function keepStandings(
  tx: Tx,
  evaluated: readonly NewStanding[],
  { day, position, now }: { day: Day; position: string; now: Date },
): Promise<void> {
  const rows = evaluated.map(({ budgetId, version, standing }) => ({
    budget_id: budgetId,
    version,
    state: standing.state,
    period_start: standing.period.start,
    period_end: standing.period.end,
    standing,
  }));
  await tx.$executeRaw`
      with given as (
        select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          as r(budget_id uuid, version int, state text, period_start date, period_end date, standing jsonb)
      ), changed as (
        insert into budget_state_change (budget_id, period_start, period_end, state_before, state, day, position, at)
        select g.budget_id, g.period_start, g.period_end, s.state, g.state, ${day}::date, ${BigInt(position)}, ${now}
        from given g left join budget_standing s on s.budget_id = g.budget_id and s.period_start = g.period_start
        where s.state is distinct from g.state and coalesce(s.position, 0) <= ${BigInt(position)}
      )
      insert into budget_standing
        (budget_id, period_start, period_end, state, standing, day, position, version, evaluated_at)
      select budget_id, period_start, period_end, state, standing, ${day}::date, ${BigInt(position)}, version, ${now}
      from given
      on conflict (tenant_id, budget_id, period_start) do update set
        earlier = case when budget_standing.day < excluded.day
                       then jsonb_build_object('day', budget_standing.day, 'standing', budget_standing.standing)
                       else budget_standing.earlier end,
        period_end = excluded.period_end, state = excluded.state, standing = excluded.standing, day = excluded.day,
        position = excluded.position, version = excluded.version, evaluated_at = excluded.evaluated_at
      where budget_standing.position <= excluded.position`;
}

export async function listHistory(tx: Tx, id: string) {
  const [versions, stateChanges] = [
    await tx.budgetVersion.findMany({ where: { budgetId: id }, orderBy: { version: "desc" }, take: 200 }),
    await tx.budgetStateChange.findMany({
      where: { budgetId: id },
      orderBy: [{ at: "desc" }, { id: "desc" }],
      take: 200,
    }),
  ];
  return {
    versions,
    stateChanges: stateChanges.map((row) => ({
      period: { start: columnToDay(row.periodStart), end: columnToDay(row.periodEnd) },
      stateBefore: row.stateBefore,
      state: row.state,
      day: columnToDay(row.day),
      position: row.position.toString(),
      at: row.at.toISOString(),
    })),
  };
}

/** Whether a company's budgets were not worked out on this day yet. */
export async function areBudgetsDue(tx: Tx, day: Day): Promise<boolean> {
  const [any, done] = [
    await tx.budget.findFirst({ where: { deletedAt: null }, select: { id: true } }),
    await tx.budgetStanding.findFirst({ where: { day: { gte: dayToColumn(day) } }, select: { budgetId: true } }),
  ];
  return any !== null && done === null;
}
