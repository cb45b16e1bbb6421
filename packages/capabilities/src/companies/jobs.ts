import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { allPermissions } from "@finops/platform/access/permissions";
import type { WrittenFile } from "@finops/platform/files/file-store";
import type { Host } from "@finops/platform/host";
import { requireOwner } from "@finops/platform/jobs/work-items";
import type { Job } from "@finops/platform/jobs/worker";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { deleteTenant, listTenants } from "@finops/platform/tenancy/tenants";
import type { PipelineHost } from "@finops/pipeline/pipeline-host";
import { exportAudit } from "../audit/index.ts";
import { exportCosts, type ExportParts } from "../exports/on-node.ts";
import { CompanyExportPayload, type FileName, folderOf, foldersOf } from "./company-exports.ts";
import { documentsOf, organisationOf } from "./company-records.ts";
import { companyExportFiles } from "./contract.ts";

/** The handler of `company-export` work items: writes all costs, documents, people and the audit into the file store. */
export function companyExportJob(host: Host, parts: ExportParts): (job: Job) => Promise<object> {
  return async ({ claim, signal, reportProgress }) => {
    const { actor } = CompanyExportPayload.parse(claim.payload);
    const ctx = createContext(host, {
      tenantId: claim.tenantId,
      actor,
      via: "job",
      permissions: allPermissions,
      requestId: claim.id,
    });
    const written: WrittenFile[] = [];
    // A worker that was silent for so long that another one took its place must not touch what that one wrote.
    const requireOurs = () => ctx.inTenant((tx) => requireOwner(tx, claim));
    const put = async (name: FileName, label: string, content: AsyncIterable<Uint8Array>) => {
      signal.throwIfAborted();
      await requireOurs();
      reportProgress({ share: written.length / companyExportFiles.length, label });
      const file = await host.files.put(`${folderOf(claim.tenantId, claim.id)}/${name}`, content);
      written.push({ ...file, name });
    };
    await requireOurs();
    await host.files.deleteAll(`${foldersOf(claim.tenantId)}/`);
    const costs = join(parts.pipeline.workDir, `company-${claim.id}.parquet`);
    try {
      reportProgress({ share: 0, label: "costs" });
      await exportCosts(ctx, parts, allCosts, costs, { signal });
      await put("costs.parquet", "costs", createReadStream(costs));
    } finally {
      await rm(costs, { force: true });
    }
    await put("documents.json", "documents", jsonOf(await ctx.inTenant(documentsOf)));
    await put("organisation.json", "people", jsonOf(await ctx.inTenant(organisationOf)));
    await put("audit-sealed.jsonl", "audit", sealedAudit(ctx));
    await put("audit.csv", "audit", await exportAudit(ctx, {}));
    return { files: written.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })) };
  };
}

/** All that ever was billed: FOCUS has no charges outside of these years. */
const allCosts = {
  what: { kind: "focus", query: { period: { start: "1990-01-01", end: "2190-01-01" } } },
  format: "parquet",
  textCells: "as-is",
} as const;

/** The oldest part of the audit, whose entries are not in the database any more. */
async function* sealedAudit(ctx: Context): AsyncGenerator<Uint8Array> {
  const seals = await ctx.inTenant((tx) => tx.auditSeal.findMany({ orderBy: { firstSequence: "asc" } }));
  for (const { file } of seals) yield* await ctx.host.files.get(file);
}

async function* jsonOf(value: unknown): AsyncGenerator<Uint8Array> {
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part), 2);
  yield await Promise.resolve(new TextEncoder().encode(`${text}\n`));
}

export interface RemovalParts {
  host: Host;
  pipeline: PipelineHost;
}

/** Removes the companies whose days of grace are over, and returns their ids. Safe to call at any time and again. */
export async function removeDueCompanies(parts: RemovalParts): Promise<string[]> {
  const { db, clock, log } = parts.host;
  const removed: string[] = [];
  for (const { id, slug, leavesAt } of await listTenants(db)) {
    if (leavesAt === null || leavesAt.getTime() > clock.now().getTime()) continue;
    // An owner may have kept it at this moment: who comes second sees what the first one did.
    const isRemoved = await removeCompany(parts, id, { isDue: true });
    if (!isRemoved) continue;
    log.info({ tenantId: id, company: slug }, "a company was deleted after its days of grace");
    removed.push(id);
  }
  return removed;
}

/**
 * Deletes a company: rows, files, cost store. The rows go first, in one transaction; what a crash leaves of the rest is in
 * folders of a company that is not there, which the sweep at the next start removes.
 * @param isDue only if its days of grace are over
 */
export async function removeCompany(
  { host, pipeline }: RemovalParts,
  tenantId: string,
  { isDue }: { isDue: boolean },
): Promise<boolean> {
  const isGone = await host.db.inTenant(tenantId, async (tx) => {
    const found = await tx.$queryRaw<{ leaves_at: Date | null }[]>`
      select leaves_at from tenant where id = ${tenantId}::uuid for update`;
    const leavesAt = found[0]?.leaves_at ?? null;
    if (found.length === 0) return false;
    if (isDue && (leavesAt === null || leavesAt.getTime() > host.clock.now().getTime())) return false;
    return deleteTenant(host.db, tenantId);
  });
  if (!isGone) return false;
  await host.files.deleteAll(`tenants/${tenantId}/`);
  await pipeline.periods.removeCompany(tenantId);
  return true;
}
