import { AppError } from "@finops/kernel/app-error";
import { parseDecimal } from "@finops/kernel/decimal";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import { dimensionsOf } from "@finops/warehouse/query/filter-matches";
import type * as z from "zod";
import { findPerson } from "../people/index.ts";
import {
  type Aggregation,
  type MetricValue,
  type MetricValues,
  type ParsedValues,
  type UnitMetric,
  UnitMetricChange,
  UnitMetricInput,
  ValuesChange,
  ValuesText,
} from "./contract.ts";
import { earlyProblem, parseValues } from "./parse-values.ts";
import {
  findRow,
  insertRow,
  insertValues,
  listCurrentValues,
  listEntries,
  listRows,
  listRowsById,
  lockMetrics,
  type MetricDraft,
  type MetricMove,
  type MetricRow,
  metricsMax,
  updateRow,
} from "./store.ts";

const monthsMax = 600;
const entriesShown = 200;

/** The company's metrics, by name. */
export async function listUnitMetrics(ctx: Context): Promise<UnitMetric[]> {
  requirePermission(ctx, "costs:read");
  return ctx.inTenant(async (tx) => {
    const rows = await listRows(tx);
    return withValues(tx, ctx, rows);
  });
}

/** Throws `not_found` where it is gone. */
export async function getUnitMetric(ctx: Context, id: string): Promise<UnitMetric> {
  requirePermission(ctx, "costs:read");
  return ctx.inTenant(async (tx) => (await withValues(tx, ctx, [await requireMetric(tx, id)]))[0]!);
}

export async function createUnitMetric(ctx: Context, input: unknown): Promise<UnitMetric> {
  requirePermission(ctx, "metrics:write");
  const wished = UnitMetricInput.parse(input);
  return ctx.inTenant(async (tx) => {
    await lockMetrics(tx, ctx.tenantId);
    const there = await listRows(tx);
    if (there.length >= metricsMax)
      throw new AppError("limit", `A company keeps at most ${metricsMax} unit metrics. Delete some first.`);
    const draft = await toDraft(tx, ctx, wished, null, there);
    const row = await insertRow(tx, draft, ctx.actor, ctx.host.clock.now());
    await audit(tx, ctx, "unit-metric.created", { after: toJsonColumn({ id: row.id, ...draft }) });
    return toMetric(ctx, row, []);
  });
}

/** Throws `conflict` when somebody was faster. */
export async function changeUnitMetric(ctx: Context, id: string, input: unknown): Promise<UnitMetric> {
  requirePermission(ctx, "metrics:write");
  const { version, ...wished } = UnitMetricChange.parse(input);
  return ctx.inTenant(async (tx) => {
    await lockMetrics(tx, ctx.tenantId);
    const before = await requireVersion(tx, id, version);
    const draft = await toDraft(tx, ctx, wished, before, await listRows(tx));
    const row = await moveOn(tx, ctx, before, { draft });
    await audit(tx, ctx, "unit-metric.changed", {
      before: toJsonColumn({ id, ...draftOf(before) }),
      after: toJsonColumn({ id, ...draft }),
    });
    return (await withValues(tx, ctx, [row]))[0]!;
  });
}

/** Takes a metric out of sight. Budgets that follow it stay with the quantities that they had last, and say so. */
export async function deleteUnitMetric(ctx: Context, id: string, version: number): Promise<UnitMetric> {
  requirePermission(ctx, "metrics:write");
  return ctx.inTenant(async (tx) => {
    await lockMetrics(tx, ctx.tenantId);
    const before = await requireVersion(tx, id, version);
    const [told] = await withValues(tx, ctx, [before]);
    await moveOn(tx, ctx, before, { deletedAt: ctx.host.clock.now() });
    await audit(tx, ctx, "unit-metric.deleted", { before: toJsonColumn({ id, ...draftOf(before) }) });
    return told!;
  });
}

/** The values that count, and who wrote which. */
export async function listMetricValues(ctx: Context, id: string): Promise<MetricValues> {
  requirePermission(ctx, "costs:read");
  return ctx.inTenant(async (tx) => {
    await requireMetric(tx, id);
    const values = (await listCurrentValues(tx, [id])).get(id)!;
    const history = await listEntries(tx, id, entriesShown);
    return { values, history };
  });
}

/** Writes values of some months. What says the same as before is no change. */
export async function writeMetricValues(ctx: Context, id: string, input: unknown): Promise<UnitMetric> {
  requirePermission(ctx, "metrics:write");
  const { version, values } = ValuesChange.parse(input);
  const twice = values.find(({ month }, index) => values.findIndex((one) => one.month === month) !== index);
  if (twice !== undefined) throw new AppError("invalid", `values: The month ${twice.month} is there twice.`);
  const today = ctx.host.clock.today();
  for (const value of values) {
    const problem = value.quantity === null ? null : earlyProblem(value, today);
    if (problem !== null) throw new AppError("invalid", `values: ${problem}`);
  }
  return ctx.inTenant(async (tx) => {
    await lockMetrics(tx, ctx.tenantId);
    const before = await requireVersion(tx, id, version);
    const current = new Map((await listCurrentValues(tx, [id])).get(id)!.map((one) => [one.month, one]));
    const changed = values.filter((value) => !saysTheSame(value, current.get(value.month)));
    const added = changed.filter(({ month, quantity }) => quantity !== null && !current.has(month));
    if (current.size + added.length > monthsMax)
      throw new AppError("limit", `A unit metric has at most ${monthsMax} months. Take some away first.`);
    if (changed.length === 0) return (await withValues(tx, ctx, [before]))[0]!;
    const row = await moveOn(tx, ctx, before, {});
    await insertValues(tx, row, changed, ctx.actor, ctx.host.clock.now());
    const told = changed.map(({ month }) => {
      const { quantity = null, kind = null } = current.get(month) ?? {};
      return { month, quantity, kind };
    });
    await audit(tx, ctx, "unit-metric.valued", {
      before: toJsonColumn({ id, name: before.name, values: told }),
      after: toJsonColumn({ id, name: before.name, values: changed }),
    });
    return (await withValues(tx, ctx, [row]))[0]!;
  });
}

/** Reads values that were pasted, without keeping them. */
export function readMetricValues(ctx: Context, input: unknown): ParsedValues {
  requirePermission(ctx, "costs:read");
  const { text, kind } = ValuesText.parse(input);
  return parseValues(text, kind, ctx.host.clock.today());
}

/** What a metric says, for what follows it. */
export interface FollowedMetric {
  id: string;
  name: string;
  unitOne: string;
  unitMany: string;
  aggregation: Aggregation;
  /** By month. */
  values: MetricValue[];
}

/** Those of some metrics that are there: at most two questions. */
export async function listFollowedMetrics(tx: Tx, ids: readonly string[]): Promise<FollowedMetric[]> {
  if (ids.length === 0) return [];
  const rows = await listRowsById(tx, ids);
  const values = await listCurrentValues(tx, idsOf(rows));
  return rows.map(({ id, name, unitOne, unitMany, aggregation }) => ({
    id,
    name,
    unitOne,
    unitMany,
    aggregation: aggregation as Aggregation,
    values: values.get(id)!.map(({ month, quantity, kind }) => ({ month, quantity, kind })),
  }));
}

/** Throws `not_found` where it is gone. */
export async function requireMetric(tx: Tx, id: string): Promise<MetricRow> {
  const row = await findRow(tx, id);
  if (row === null) throw new AppError("not_found", "There is no such unit metric. Somebody may have deleted it.");
  return row;
}

async function requireVersion(tx: Tx, id: string, version: number): Promise<MetricRow> {
  const row = await requireMetric(tx, id);
  if (row.version === version) return row;
  throw new AppError(
    "conflict",
    `${row.changedByName} changed this unit metric meanwhile. Load it again, and repeat your change.`,
    { facts: { version: row.version } },
  );
}

async function moveOn(tx: Tx, ctx: Context, before: MetricRow, move: MetricMove): Promise<MetricRow> {
  const row = await updateRow(tx, before, move, ctx.actor, ctx.host.clock.now());
  // The lock is held since the version was read.
  if (row === null) throw new AppError("internal", "The unit metric could not be changed.");
  return row;
}

/** A metric as it is to be kept, with every check that needs the rest of the company. */
async function toDraft(
  tx: Tx,
  ctx: Context,
  { ownerId, ...wished }: z.output<typeof UnitMetricInput>,
  before: MetricRow | null,
  all: readonly MetricRow[],
): Promise<MetricDraft> {
  const taken = all.find((one) => one.id !== before?.id && nameKey(one.name) === nameKey(wished.name));
  if (taken !== undefined) throw new AppError("conflict", `There is a unit metric "${taken.name}" already.`);
  if (wished.filter !== null) dimensionsOf(wished.filter);
  const kept = before === null ? { id: ctx.actor.id, name: ctx.actor.name } : draftOf(before).owner;
  return { ...wished, owner: ownerId === null ? kept : await findPerson(tx, ownerId, "ownerId") };
}

/** People do not tell "Web  shop" from "web shop". */
function nameKey(name: string): string {
  return name.trim().toLowerCase().replaceAll(/\s+/g, " ");
}

function saysTheSame(
  wished: { quantity: string | null; kind: string },
  current: { quantity: string; kind: string } | undefined,
): boolean {
  if (current === undefined || wished.quantity === null) return current === undefined && wished.quantity === null;
  return wished.kind === current.kind && parseDecimal(wished.quantity).equals(parseDecimal(current.quantity));
}

async function withValues(tx: Tx, ctx: Context, rows: readonly MetricRow[]): Promise<UnitMetric[]> {
  const values = await listCurrentValues(tx, idsOf(rows));
  return rows.map((row) => toMetric(ctx, row, values.get(row.id)!));
}

function idsOf(rows: readonly MetricRow[]): string[] {
  return rows.map(({ id }) => id);
}

function toMetric(ctx: Context, row: MetricRow, values: readonly MetricValue[]): UnitMetric {
  const latest = values.findLast(({ kind }) => kind === "actual");
  return {
    ...draftOf(row),
    id: row.id,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    changedBy: { id: row.changedById, name: row.changedByName },
    changedAt: row.changedAt.toISOString(),
    latest: latest === undefined ? null : { month: latest.month, quantity: latest.quantity, kind: latest.kind },
    months: values.length,
    mayChange: ctx.permissions.has("metrics:write"),
  };
}

function draftOf(row: MetricRow): MetricDraft {
  const { name, about, unitOne, unitMany, ownerId, ownerName } = row;
  return {
    name,
    about,
    unitOne,
    unitMany,
    aggregation: row.aggregation as Aggregation,
    // Written as a CostFilter.
    filter: row.filter as CostFilter | null,
    owner: { id: ownerId, name: ownerName },
  };
}
