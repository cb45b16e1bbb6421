import { isId } from "@finops/kernel/id";
import type { Tx } from "@finops/platform/db/database";
import type { Host } from "@finops/platform/host";
import { listTenants } from "@finops/platform/tenancy/tenants";
import { landingPrefix } from "../landing/keep-landing.ts";
import type { PipelineHost } from "../pipeline-host.ts";
import { deleteLandingIfUnused } from "./discard-versions.ts";
import { dropOldGenerations, forgetDropped } from "./drop-old-generations.ts";
import { tokenOf } from "./period-store.ts";

export interface SweepOptions {
  /** True when this process is known to be the only one: then no lease is alive, and nothing is young. */
  evenIfLeased?: boolean;
  /** How many states of each billing period are kept, the current one included; all without it. */
  keepStates?: number;
}

const youngMs = 24 * 3_600_000;

/**
 * Removes what no entry of the publication log and no live lease names: period files of builders that died, versions that
 * were never published, raw files that were never recorded, and the folders of companies that are gone. Safe beside a
 * running build.
 */
export async function sweep(host: Host, pipeline: PipelineHost, options: SweepOptions = {}): Promise<void> {
  const restMs = options.evenIfLeased === true ? 0 : youngMs;
  // By the clock of the database: a process whose own is ahead would take for old what another one is writing.
  const now = await readDatabaseNow(host);
  const isYoung = (at: number) => now - at < restMs;
  const tenants = (await listTenants(host.db)).map((tenant) => tenant.id);
  for (const tenantId of tenants) {
    if (options.evenIfLeased === true) await host.db.inTenant(tenantId, (tx) => tx.buildLease.deleteMany({}));
    const { keepStates } = options;
    if (keepStates !== undefined)
      await host.db.inTenant(tenantId, (tx) => dropOldGenerations(tx, tenantId, keepStates));
    // A request of another process may have pinned an earlier state and be about to read it.
    await host.db.inTenant(tenantId, (tx) => forgetDropped(tx, tenantId, restMs));
    await sweepPeriods(host, pipeline, tenantId);
    await sweepVersions(host, tenantId, isYoung);
    await sweepFolders(host, tenantId, isYoung);
  }
  await sweepCompanies(host, pipeline, new Set(tenants), isYoung);
}

async function readDatabaseNow(host: Host): Promise<number> {
  const rows = await host.db.askDirectory((db) => db.$queryRaw<{ now: Date }[]>`select clock_timestamp() as now`);
  return rows[0]!.now.getTime();
}

async function sweepPeriods(host: Host, { periods }: PipelineHost, tenantId: string): Promise<void> {
  // First what is there, then the leases, then the generations: a period is under a lease until its generation is there.
  const present = await periods.list(tenantId);
  const { live, known } = await host.db.inTenant(tenantId, async (tx) => ({
    live: new Set((await liveLeases(tx)).map((lease) => lease.token.toString())),
    known: new Set(
      (await tx.generation.findMany({ select: { storePath: true } })).map((generation) => generation.storePath),
    ),
  }));
  for (const storePath of present)
    if (!known.has(storePath) && !live.has(tokenOf(storePath) ?? "")) await periods.remove(tenantId, storePath);
}

function liveLeases(tx: Tx): Promise<{ token: bigint; version_ids: string[] }[]> {
  return tx.$queryRaw`select token, version_ids from build_lease where expires_at >= clock_timestamp()`;
}

async function sweepVersions(host: Host, tenantId: string, isYoung: (at: number) => boolean): Promise<void> {
  const dead = await host.db.inTenant(tenantId, async (tx) => {
    const leased = new Set((await liveLeases(tx)).flatMap((lease) => lease.version_ids));
    const atWork = new Set(
      (await tx.workItem.findMany({ where: { state: "running" }, select: { id: true } })).map((item) => item.id),
    );
    const open = await tx.datasetVersion.findMany({
      where: { state: { in: ["building", "ready"] } },
      select: { id: true, lakePrefix: true, landingId: true, workItemId: true, createdAt: true },
    });
    return open.filter(
      (version) =>
        !leased.has(version.id) &&
        !(version.workItemId !== null && atWork.has(version.workItemId)) &&
        !isYoung(version.createdAt.getTime()),
    );
  });
  for (const { id, lakePrefix, landingId } of dead) {
    const { isGone, isLandingGone } = await host.db.inTenant(tenantId, async (tx) => {
      const { count } = await tx.datasetVersion.deleteMany({ where: { id, state: { in: ["building", "ready"] } } });
      return { isGone: count > 0, isLandingGone: await deleteLandingIfUnused(tx, landingId) };
    });
    if (isGone) await host.files.deleteAll(`${lakePrefix}/`);
    if (isLandingGone) await host.files.deleteAll(`${landingPrefix(tenantId, landingId)}/`);
  }
}

/**
 * Files are written before their rows and deleted after them, so a crash in between leaves files, or the folder made for
 * them, that no row names.
 */
async function sweepFolders(host: Host, tenantId: string, isYoung: (at: number) => boolean): Promise<void> {
  const folders = [
    ...(await foldersBelow(host, [`tenants/${tenantId}/landing`], 1)),
    ...(await foldersBelow(host, [`tenants/${tenantId}/lake`], 3)),
  ];
  const old = folders.filter(({ id }) => isId(id) && !isYoung(timeOf(id)));
  if (old.length === 0) return;
  const known = await host.db.inTenant(tenantId, async (tx) => {
    const [landings, versions] = [
      await tx.landing.findMany({ select: { id: true } }),
      await tx.datasetVersion.findMany({ select: { id: true } }),
    ];
    return new Set([...landings, ...versions].map((row) => row.id));
  });
  for (const { id, path } of old) if (!known.has(id)) await host.files.deleteAll(`${path}/`);
}

/** The folders `steps` below others: raw files by landing, or the lake's by source, period and version. */
async function foldersBelow(
  host: Host,
  paths: readonly string[],
  steps: number,
): Promise<{ id: string; path: string }[]> {
  const below: { id: string; path: string }[] = [];
  for (const path of paths)
    for (const id of await host.files.listNames(path)) below.push({ id, path: `${path}/${id}` });
  return steps === 1
    ? below
    : foldersBelow(
        host,
        below.map((folder) => folder.path),
        steps - 1,
      );
}

/** When an id of version 7 was made: its first 48 bits. */
function timeOf(id: string): number {
  return Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
}

async function sweepCompanies(
  host: Host,
  pipeline: PipelineHost,
  tenants: ReadonlySet<string>,
  isYoung: (at: number) => boolean,
): Promise<void> {
  const isGone = (name: string) => isId(name) && !tenants.has(name) && !isYoung(timeOf(name));
  for (const name of await pipeline.periods.listCompanies())
    if (isGone(name)) await pipeline.periods.removeCompany(name);
  for (const name of await host.files.listNames("tenants"))
    if (isGone(name)) await host.files.deleteAll(`tenants/${name}/`);
}
