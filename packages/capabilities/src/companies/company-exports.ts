import { AppError } from "@finops/kernel/app-error";
import { isId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import type { StoredFile } from "@finops/platform/files/file-store";
import { enqueue } from "@finops/platform/jobs/work-items";
import type { Context } from "@finops/platform/tenancy/context";
import * as z from "zod";
import { type CompanyExport, type CompanyExports, companyExportFiles } from "./contract.ts";

export type FileName = (typeof companyExportFiles)[number];

/** What the work item carries. */
export const CompanyExportPayload = z.object({
  actor: z.object({ kind: z.enum(["person", "key", "system"]), id: z.string(), name: z.string() }),
});
const Result = z.object({
  files: z.array(z.object({ name: z.enum(companyExportFiles), bytes: z.number(), sha256: z.string() })),
});

/** The exports that were asked for, the newest first. */
export async function listCompanyExports(ctx: Context): Promise<CompanyExports> {
  requirePermission(ctx, "company:leave");
  const items = await ctx.inTenant((tx) =>
    tx.workItem.findMany({ where: { kind }, orderBy: [{ createdAt: "desc" }, { id: "desc" }], take: 20 }),
  );
  return { exports: items.map(toExport) };
}

export async function getCompanyExport(ctx: Context, id: string): Promise<CompanyExport> {
  requirePermission(ctx, "company:leave");
  return ctx.inTenant(async (tx) => toExport(await findItem(tx, id)));
}

/** Has everything of the company written for it to take along. What is on its way already is given back. */
export async function startCompanyExport(ctx: Context): Promise<CompanyExport> {
  requirePermission(ctx, "company:leave");
  return ctx.inTenant(async (tx) => {
    await tx.$queryRaw`select pg_advisory_xact_lock(hashtextextended('company export ' || ${ctx.tenantId}, 0))::text`;
    const running = await tx.workItem.findFirst({ where: { kind, state: { in: ["queued", "running"] } } });
    if (running !== null) return toExport(running);
    const item = await enqueue(tx, { kind, pool: companyExportPool, payload: { actor: { ...ctx.actor } } });
    await audit(tx, ctx, "company-export.started", { after: { id: item.id } });
    return toExport(item);
  });
}

/** A file of an export that is done, as it was written. Throws `not_found` for any other. */
export async function openCompanyExportFile(
  ctx: Context,
  id: string,
  name: FileName,
): Promise<StoredFile & { content: AsyncIterable<Uint8Array> }> {
  requirePermission(ctx, "company:leave");
  const { files } = await getCompanyExport(ctx, id);
  if (!files.some((file) => file.name === name)) throw new AppError("not_found", "The export has no such file.");
  const path = `${folderOf(ctx.tenantId, id)}/${name}`;
  const stored = await ctx.host.files.find(path);
  if (stored === null) throw new AppError("not_found", "This file made place for a newer export. Ask for a new one.");
  await ctx.inTenant((tx) => audit(tx, ctx, "company-export.downloaded", { after: { id, file: name } }));
  return { ...stored, name, content: await ctx.host.files.get(path) };
}

const kind = "company-export";
/** A pool of its own: imports wait while a company is read-only or shut, and this does not. */
export const companyExportPool = "exports";

/** Where the exports of a company are. */
export function foldersOf(tenantId: string): string {
  return `tenants/${tenantId}/company-exports`;
}

export function folderOf(tenantId: string, id: string): string {
  return `${foldersOf(tenantId)}/${id}`;
}

type ItemRow = Awaited<ReturnType<typeof findItem>>;

async function findItem(tx: Tx, id: string) {
  const item = isId(id) ? await tx.workItem.findFirst({ where: { id, kind } }) : null;
  if (item === null) throw new AppError("not_found", "The company has no such export.");
  return item;
}

function toExport(item: ItemRow): CompanyExport {
  const { message = null } = (item.error ?? {}) as { message?: string };
  return {
    id: item.id,
    state: item.state as CompanyExport["state"],
    createdAt: item.createdAt.toISOString(),
    finishedAt: item.finishedAt?.toISOString() ?? null,
    error: message,
    files: item.state === "done" ? Result.parse(item.result).files : [],
  };
}
