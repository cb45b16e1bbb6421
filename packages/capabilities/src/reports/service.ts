import { AppError } from "@finops/kernel/app-error";
import { isId, newId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { ReportRun as RunRow } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import { createDocumentStore, type Kept } from "@finops/platform/documents/document-store";
import type { DocumentRestore } from "@finops/platform/documents/sharing";
import type { Context } from "@finops/platform/tenancy/context";
import { pinStore } from "@finops/pipeline/publish/publication-log";
import { type CostFilter, parseCostQuery } from "@finops/warehouse/query/cost-query";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { ReadOptions } from "@finops/warehouse/query/cost-store";
import { isWithin } from "@finops/warehouse/query/filter-within";
import * as z from "zod";
import { accessOf, getCostCatalog } from "../costs/index.ts";
import {
  type Report,
  type ReportAsOf,
  ReportChange,
  ReportInput,
  ReportItems,
  type ReportRun,
  type ReportRunHead,
  type ReportSummary,
  type ReportVersion,
  ToldItem,
} from "./contract.ts";
import { tellReport } from "./tell-report.ts";
import { findReportTemplate, reportTemplates } from "./templates.ts";

const Content = z.object({ items: ReportItems });
const reports = createDocumentStore("report", Content);

/** The reports that the person may see, by name. */
export async function listReports(ctx: Context): Promise<ReportSummary[]> {
  requirePermission(ctx, "costs:read");
  const kept = await ctx.inTenant((tx) => reports.list(tx, ctx));
  return kept.map(({ content, ...head }) => ({ ...head, itemCount: content.items.length }));
}

export async function getReport(ctx: Context, id: string): Promise<Report> {
  requirePermission(ctx, "costs:read");
  return toReport(await ctx.inTenant((tx) => reports.get(tx, ctx, id)));
}

/** Everybody who sees costs may make reports of their own; sharing them takes `views:write`. */
export async function createReport(ctx: Context, input: unknown): Promise<Report> {
  requirePermission(ctx, "costs:read");
  const { name, description, template: key, items, sharing } = ReportInput.parse(input);
  const template = key === undefined ? null : findReportTemplate(key);
  if (key !== undefined && template === null)
    throw new AppError(
      "invalid",
      `There is no template "${key}". There are ${reportTemplates.map((one) => one.key).join(", ")}.`,
    );
  const content = { items: items ?? [...(template?.items ?? [])] };
  const draft = { name: name ?? template?.name ?? "New report", description, sharing, content };
  return toReport(await ctx.inTenant((tx) => reports.insert(tx, ctx, draft)));
}

export async function changeReport(ctx: Context, id: string, input: unknown): Promise<Report> {
  requirePermission(ctx, "costs:read");
  const { items, version, name, description, sharing } = ReportChange.parse(input);
  const change = {
    version,
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(sharing === undefined ? {} : { sharing }),
    ...(items === undefined ? {} : { content: { items } }),
  };
  return toReport(await ctx.inTenant((tx) => reports.change(tx, ctx, id, change)));
}

export async function deleteReport(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, "costs:read");
  await ctx.inTenant((tx) => reports.remove(tx, ctx, id));
}

export async function listReportVersions(ctx: Context, id: string): Promise<ReportVersion[]> {
  requirePermission(ctx, "costs:read");
  return ctx.inTenant((tx) => reports.listVersions(tx, ctx, id));
}

/** Throws `not_found` for a version that there is not. */
export async function getReportVersion(ctx: Context, id: string, version: number): Promise<ReportAsOf> {
  requirePermission(ctx, "costs:read");
  const { name, description, content } = await ctx.inTenant((tx) => reports.getVersion(tx, ctx, id, version));
  return { version, name, description, items: content.items };
}

/** Makes an earlier version the newest. Its runs stay as they are. */
export async function restoreReport(ctx: Context, id: string, restore: DocumentRestore): Promise<Report> {
  requirePermission(ctx, "costs:read");
  return toReport(await ctx.inTenant((tx) => reports.restore(tx, ctx, id, restore)));
}

/** Asks every item's figures at one position of the publication log, and keeps what came out for good. */
export async function runReport(
  ctx: Context,
  reader: CostReader,
  id: string,
  options: ReadOptions = {},
): Promise<ReportRun> {
  requirePermission(ctx, "costs:read");
  const report = await getReport(ctx, id);
  const { available } = await getCostCatalog(ctx, reader);
  const pinned = await ctx.inTenant((tx) => pinStore(tx, ctx.tenantId));
  const access = accessOf(ctx);
  const moment = available === null ? null : { available, today: ctx.host.clock.today() };
  const items = await tellReport(report.items, moment, (query) =>
    reader.query(access, pinned, parseCostQuery(query), options),
  );
  return ctx.inTenant(async (tx) => {
    // Two runs at once are numbered one after the other: the second waits for the report's row.
    await tx.$queryRaw`select id::text from document where id = ${report.id}::uuid for update`;
    const last = await tx.reportRun.aggregate({ where: { documentId: report.id }, _max: { number: true } });
    const row = await tx.reportRun.create({
      data: {
        id: newId(),
        tenantId: ctx.tenantId,
        documentId: report.id,
        number: (last._max.number ?? 0) + 1,
        name: report.name,
        content: toJsonColumn({ items }),
        position: BigInt(pinned.position),
        ...(access.rowFilter === undefined ? {} : { scope: toJsonColumn(access.rowFilter) }),
        ranById: ctx.actor.id,
        ranByName: ctx.actor.name,
        ranAt: ctx.host.clock.now(),
      },
    });
    await audit(tx, ctx, "report.run", { after: { report: report.id, name: report.name, number: row.number } });
    return { ...runHead(row), items };
  });
}

/** The runs of a report that tell nothing that the person may not see, the newest first. */
export async function listReportRuns(ctx: Context, id: string): Promise<ReportRunHead[]> {
  requirePermission(ctx, "costs:read");
  return ctx.inTenant(async (tx) => {
    await reports.get(tx, ctx, id);
    const rows = await tx.reportRun.findMany({
      where: { documentId: id },
      orderBy: { number: "desc" },
      take: 2000,
      omit: { content: true },
    });
    return rows
      .filter((row) => coversRun(ctx, row))
      .slice(0, 200)
      .map(runHead);
  });
}

/** A run as it was told. Throws `not_found` for one of a report, or of costs, that the person may not see. */
export async function getReportRun(ctx: Context, id: string, number: number): Promise<ReportRun> {
  requirePermission(ctx, "costs:read");
  return ctx.inTenant(async (tx) => {
    await reports.get(tx, ctx, id);
    const row = isId(id) ? await tx.reportRun.findFirst({ where: { documentId: id, number } }) : null;
    if (row === null || !coversRun(ctx, row))
      throw new AppError(
        "not_found",
        "There is no such run of this report, or it tells of costs that you may not see.",
      );
    return { ...runHead(row), items: z.object({ items: z.array(ToldItem) }).parse(row.content).items };
  });
}

/** Whether the person may see all the costs that the run's figures were read from. */
function coversRun(ctx: Context, run: Pick<RunRow, "scope">): boolean {
  return isWithin(run.scope as CostFilter | null, accessOf(ctx).rowFilter ?? null);
}

function runHead(row: Omit<RunRow, "content">): ReportRunHead {
  return {
    id: row.id,
    reportId: row.documentId,
    number: row.number,
    name: row.name,
    ranBy: { id: row.ranById, name: row.ranByName },
    ranAt: row.ranAt.toISOString(),
    position: row.position.toString(),
    isScoped: row.scope !== null,
  };
}

function toReport({ content, ...head }: Kept<z.infer<typeof Content>>): Report {
  return { ...head, items: content.items };
}
