import { isId, newId } from "@finops/kernel/id";
import type { Tx } from "@finops/platform/db/database";
import { columnToDay, dayToColumn } from "@finops/platform/db/day-column";
import { Prisma } from "@finops/platform/db/generated/client";
import type { UnitMetric as MetricRow } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Actor } from "@finops/platform/tenancy/context";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import type { Aggregation, MetricValues, ValueEntry, ValueKind } from "./contract.ts";

export type { MetricRow };

/** A company keeps so many at most. */
export const metricsMax = 500;

export interface MetricDraft {
  name: string;
  about: string;
  unitOne: string;
  unitMany: string;
  aggregation: Aggregation;
  filter: CostFilter | null;
  owner: { id: string; name: string };
}

/** Changes of a company's metrics go one after the other, so that no two get the same name and no value is lost. */
export async function lockMetrics(tx: Tx, tenantId: string): Promise<void> {
  await tx.$queryRaw`select pg_advisory_xact_lock(hashtextextended('unit metrics ' || ${tenantId}, 0))::text`;
}

export function listRows(tx: Tx): Promise<MetricRow[]> {
  return tx.unitMetric.findMany({
    where: { deletedAt: null },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: metricsMax,
  });
}

export async function findRow(tx: Tx, id: string): Promise<MetricRow | null> {
  return isId(id) ? tx.unitMetric.findFirst({ where: { id, deletedAt: null } }) : null;
}

export function listRowsById(tx: Tx, ids: readonly string[]): Promise<MetricRow[]> {
  return tx.unitMetric.findMany({ where: { id: { in: ids.filter(isId) }, deletedAt: null } });
}

export function insertRow(tx: Tx, draft: MetricDraft, by: Actor, now: Date): Promise<MetricRow> {
  return tx.unitMetric.create({
    data: { id: newId(now.getTime()), ...toColumns(draft), ...changedBy(by, now), createdAt: now },
  });
}

/** What of a metric becomes another; nothing where its values alone do. */
export interface MetricMove {
  draft?: MetricDraft;
  deletedAt?: Date;
}

/** Null where the metric is at another version by now. */
export async function updateRow(
  tx: Tx,
  { id, version }: { id: string; version: number },
  { draft, deletedAt }: MetricMove,
  by: Actor,
  now: Date,
): Promise<MetricRow | null> {
  const { count } = await tx.unitMetric.updateMany({
    where: { id, version, deletedAt: null },
    data: {
      ...(draft === undefined ? {} : toColumns(draft)),
      ...(deletedAt === undefined ? {} : { deletedAt }),
      ...changedBy(by, now),
      version: version + 1,
    },
  });
  return count === 1 ? tx.unitMetric.findUniqueOrThrow({ where: { id } }) : null;
}

function toColumns({ owner, filter, ...rest }: MetricDraft) {
  return {
    ...rest,
    ownerId: owner.id,
    ownerName: owner.name,
    filter: filter === null ? Prisma.DbNull : toJsonColumn(filter),
  };
}

function changedBy({ id, name }: Actor, now: Date) {
  return { changedById: id, changedByName: name, changedAt: now };
}

/** What was written of months, each with the version of the metric that it made. */
export async function insertValues(
  tx: Tx,
  { id, version }: { id: string; version: number },
  values: readonly Pick<ValueEntry, "month" | "quantity" | "kind">[],
  by: Actor,
  now: Date,
): Promise<void> {
  await tx.unitMetricValue.createMany({
    data: values.map(({ month, quantity, kind }) => ({
      metricId: id,
      month: dayToColumn(`${month}-01`),
      version,
      quantity,
      kind,
      ...changedBy(by, now),
    })),
  });
}

/** A value that counts, with who wrote it. */
export type WrittenValue = MetricValues["values"][number];

/** The values of metrics that count, by the id of the metric and month by month. What was taken away is not among them. */
export async function listCurrentValues(tx: Tx, metricIds: readonly string[]): Promise<Map<string, WrittenValue[]>> {
  const rows = await tx.unitMetricValue.findMany({
    where: { metricId: { in: metricIds.filter(isId) } },
    orderBy: [{ metricId: "asc" }, { month: "asc" }, { version: "desc" }],
    distinct: ["metricId", "month"],
  });
  const values = new Map<string, WrittenValue[]>(metricIds.map((id) => [id, []]));
  for (const row of rows)
    if (row.quantity !== null) values.get(row.metricId)!.push({ ...toEntry(row), quantity: row.quantity });
  return values;
}

/** What was ever written, the newest first. */
export async function listEntries(tx: Tx, metricId: string, take: number): Promise<ValueEntry[]> {
  const rows = await tx.unitMetricValue.findMany({
    where: { metricId },
    orderBy: [{ version: "desc" }, { month: "desc" }],
    take,
  });
  return rows.map(toEntry);
}

type ValueRow = Awaited<ReturnType<Tx["unitMetricValue"]["findMany"]>>[number];

function toEntry(row: ValueRow): ValueEntry {
  return {
    month: columnToDay(row.month).slice(0, 7),
    quantity: row.quantity,
    kind: row.kind as ValueKind,
    version: row.version,
    by: { id: row.changedById, name: row.changedByName },
    at: row.changedAt.toISOString(),
  };
}
