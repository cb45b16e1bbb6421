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
    await host.db.inTenant(tenantId, (tx) => giveUp(tx, tenantId, restMs, options));
    // First what is there, then what names it: a period is under a lease until its generation is there, and files are
    // written before their rows.
    const present = await pipeline.periods.list(tenantId);
    const folders = await listFolders(host, tenantId);
    const named = await host.db.inTenant(tenantId, (tx) => readNamed(tx, tenantId));
    const nobodys = present.filter(
      (storePath) => !named.storePaths.has(storePath) && !named.leases.has(tokenOf(storePath) ?? ""),
    );
    await pipeline.periods.remove(tenantId, nobodys);
    for (const version of named.abandoned)
      if (!isYoung(version.createdAt.getTime())) await removeVersion(host, tenantId, version);
    for (const { id, path } of folders)
      if (isId(id) && !isYoung(timeOf(id)) && !named.rows.has(id)) await host.files.deleteAll(`${path}/`);
  }
  await sweepCompanies(host, pipeline, new Set(tenants), isYoung);
}

async function giveUp(tx: Tx, tenantId: string, restMs: number, { evenIfLeased, keepStates }: SweepOptions) {
  if (evenIfLeased === true) await tx.$executeRaw`delete from build_lease where tenant_id = ${tenantId}::uuid`;
  if (keepStates !== undefined) await dropOldGenerations(tx, tenantId, keepStates);
  // A request of another process may have pinned an earlier state and be about to read it.
  await forgetDropped(tx, tenantId, restMs);
}

async function readDatabaseNow(host: Host): Promise<number> {
  const rows = await host.db.askDirectory((db) => db.$queryRaw<{ now: Date }[]>`select clock_timestamp() as now`);
  return rows[0]!.now.getTime();
}

/** What the rows of a company name. */
interface Named {
  /** Tokens of builders that are at work. */
  leases: ReadonlySet<string>;
  storePaths: ReadonlySet<string>;
  /** Of landings and versions. */
  rows: ReadonlySet<string>;
  /** Versions that nobody publishes any more. */
  abandoned: readonly AbandonedVersion[];
}

interface AbandonedVersion {
  id: string;
  lakePrefix: string;
  landingId: string;
  createdAt: Date;
}

// By hand, since a start waits for it: two statements for a company instead of a transaction for each table.
async function readNamed(tx: Tx, tenantId: string): Promise<Named> {
  const [names] = await tx.$queryRaw<{ leases: string[]; storePaths: string[]; rows: string[] }[]>`
    select
      array(select token::text from build_lease
        where tenant_id = ${tenantId}::uuid and expires_at >= clock_timestamp()) as leases,
      array(select store_path from generation where tenant_id = ${tenantId}::uuid) as "storePaths",
      array(select id::text from landing where tenant_id = ${tenantId}::uuid
        union all select id::text from dataset_version where tenant_id = ${tenantId}::uuid) as rows`;
  const abandoned = await tx.$queryRaw<AbandonedVersion[]>`
    select id, lake_prefix as "lakePrefix", landing_id as "landingId", created_at as "createdAt"
    from dataset_version version
    where tenant_id = ${tenantId}::uuid and state in ('building', 'ready')
      and not exists (select from build_lease
        where tenant_id = ${tenantId}::uuid and expires_at >= clock_timestamp() and version.id = any(version_ids))
      and not exists (select from work_item
        where tenant_id = ${tenantId}::uuid and id = version.work_item_id and state = 'running')`;
  const { leases, storePaths, rows } = names!;
  return { leases: new Set(leases), storePaths: new Set(storePaths), rows: new Set(rows), abandoned };
}

async function removeVersion(
  host: Host,
  tenantId: string,
  { id, lakePrefix, landingId }: AbandonedVersion,
): Promise<void> {
  const { isGone, isLandingGone } = await host.db.inTenant(tenantId, async (tx) => {
    const { count } = await tx.datasetVersion.deleteMany({ where: { id, state: { in: ["building", "ready"] } } });
    return { isGone: count > 0, isLandingGone: await deleteLandingIfUnused(tx, landingId) };
  });
  if (isGone) await host.files.deleteAll(`${lakePrefix}/`);
  if (isLandingGone) await host.files.deleteAll(`${landingPrefix(tenantId, landingId)}/`);
}

/**
 * Where landings and versions lie. Files are written before their rows and deleted after them, so a crash in between leaves
 * files, or the folder made for them, that no row names.
 */
async function listFolders(host: Host, tenantId: string): Promise<{ id: string; path: string }[]> {
  return [
    ...(await foldersBelow(host, [`tenants/${tenantId}/landing`], 1)),
    ...(await foldersBelow(host, [`tenants/${tenantId}/lake`], 3)),
  ];
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
