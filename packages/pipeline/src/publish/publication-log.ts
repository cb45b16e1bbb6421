import { AppError } from "@finops/kernel/app-error";
import { type Day, parseDay } from "@finops/kernel/period";
import type { Tx } from "@finops/platform/db/database";
import { columnToDay, dayToColumn } from "@finops/platform/db/day-column";
import type { Context } from "@finops/platform/tenancy/context";
import type { PinnedStore } from "@finops/warehouse/query/cost-store";
import { GenerationManifest } from "@finops/warehouse/tables/generation";
import { lockLog, requireKept } from "./drop-old-generations.ts";

/** What one billing period consisted of, from a position of the log on. */
export interface PublishedPeriod {
  billingPeriod: Day;
  position: bigint;
  generationId: string | null;
  versionIds: readonly string[];
}

/**
 * Reads the log once and pins what it says: the request sees this, whatever is published meanwhile.
 * @param asOf a day: what was published by its end (UTC); left out, everything until now
 */
export async function pinStore(tx: Tx, tenantId: string, asOf?: Day): Promise<PinnedStore> {
  return pinPosition(tx, tenantId, await positionAt(tx, tenantId, asOf));
}

/** What was published when the log stood at a position. Throws where it is kept no longer. */
export async function pinPosition(tx: Tx, tenantId: string, position: bigint): Promise<PinnedStore> {
  const rows = await tx.$queryRaw<PinnedRow[]>`
    select p.billing_period, p.version_ids, p.at, g.id, g.store_path, g.dropped_at, g.manifest
    from (select distinct on (billing_period) * from publication
          where tenant_id = ${tenantId}::uuid and position <= ${position} order by billing_period, position desc) p
    join generation g on g.tenant_id = p.tenant_id and g.id = p.generation_id
    order by p.billing_period`;
  requireKept(rows.map((row) => ({ storePath: row.store_path, droppedAt: row.dropped_at })));
  return {
    position: position.toString(),
    freshAt: rows.length === 0 ? null : new Date(Math.max(...rows.map((row) => row.at.getTime()))).toISOString(),
    generations: rows.map((row) => ({
      id: row.id,
      billingPeriod: columnToDay(row.billing_period),
      storePath: row.store_path,
      manifest: GenerationManifest.parse(row.manifest),
      versionIds: row.version_ids,
    })),
  };
}

interface PinnedRow {
  billing_period: Date;
  version_ids: string[];
  at: Date;
  id: string;
  store_path: string;
  dropped_at: Date | null;
  manifest: unknown;
}

/** The newest position, or the one that was newest at the end of a day; 0 before anything was published. */
export async function positionAt(tx: Tx, tenantId: string, asOf: Day | undefined): Promise<bigint> {
  // In milliseconds, since the day after the last one that can be written cannot be.
  const before = new Date(asOf === undefined ? 8.64e15 : dayToColumn(parseDay(asOf)).getTime() + 86_400_000);
  const newest = await tx.publication.findFirst({
    where: { tenantId, at: { lt: before } },
    orderBy: { position: "desc" },
    select: { position: true },
  });
  return newest?.position ?? 0n;
}

/** The newest position, by one statement that is a transaction of its own. */
export async function newestPosition({ host, tenantId }: Context): Promise<bigint> {
  const [newest] = await host.db.askDirectory(
    (db) => db.$queryRaw<{ position: bigint }[]>`select newest_position(${tenantId}::uuid) as position`,
  );
  return newest!.position;
}

/** What is current in a billing period; null when nothing was ever published there. */
export async function findCurrent(tx: Tx, tenantId: string, billingPeriod: Day): Promise<PublishedPeriod | null> {
  const entry = await tx.publication.findFirst({
    where: { tenantId, billingPeriod: dayToColumn(billingPeriod) },
    orderBy: { position: "desc" },
  });
  return entry === null
    ? null
    : { billingPeriod, position: entry.position, generationId: entry.generationId, versionIds: entry.versionIds };
}

export interface NewPublication {
  billingPeriod: Day;
  generationId: string | null;
  kind: "publish" | "rollback" | "remove";
  versionIds: readonly string[];
  actor: string;
  note?: string;
}

/**
 * Appends to the log. Only the holder of the period's lease gets here: see `build-lease.ts`.
 * @throws precondition for a generation that was given up meanwhile
 */
export async function appendPublication(tx: Tx, tenantId: string, entry: NewPublication): Promise<bigint> {
  await lockLog(tx, tenantId);
  const { billingPeriod, versionIds, ...rest } = entry;
  if (rest.generationId !== null) requireKept(await tx.generation.findMany({ where: { id: rest.generationId } }));
  const created = await tx.publication.create({
    data: { tenantId, billingPeriod: dayToColumn(billingPeriod), versionIds: [...versionIds], ...rest },
  });
  return created.position;
}

/** The log of a billing period, newest first. */
export async function listPublications(
  tx: Tx,
  tenantId: string,
  billingPeriod?: Day,
): Promise<(PublishedPeriod & { kind: string; actor: string; note: string; at: Date })[]> {
  const entries = await tx.publication.findMany({
    where: { tenantId, ...(billingPeriod === undefined ? {} : { billingPeriod: dayToColumn(billingPeriod) }) },
    orderBy: { position: "desc" },
    take: 1000,
  });
  return entries.map((entry) => ({ ...entry, billingPeriod: columnToDay(entry.billingPeriod) }));
}

/** The entry at a position of the company. Throws `not_found`. */
export async function getPublication(tx: Tx, tenantId: string, position: bigint): Promise<PublishedPeriod> {
  const entry = await tx.publication.findFirst({ where: { tenantId, position } });
  if (entry === null) throw new AppError("not_found", "There is no such entry in the publication log.");
  return { ...entry, billingPeriod: columnToDay(entry.billingPeriod) };
}
