import { formatInstant } from "@finops/kernel/format-day";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { ReadOptions } from "@finops/warehouse/query/cost-store";
import { getReportRun } from "../reports/index.ts";
import { composeTold, dataOf, titleOfView } from "./compose-told.ts";
import { PrintViewInput } from "./contract.ts";
import { oneLine, type ReportDocument } from "./document.ts";
import { fileStem } from "./mail-files.ts";
import type { Printer } from "./printer.ts";
import { tellSubject, tellView } from "./subject-service.ts";

export interface PrintedFile {
  fileName: string;
  content: Uint8Array;
}

/** A run of a report on paper, as it was told. */
export async function printReportRun(ctx: Context, printer: Printer, id: string, number: number): Promise<PrintedFile> {
  const run = await getReportRun(ctx, id, number);
  return print(ctx, printer, {
    title: `${oneLine(run.name)}, run ${run.number}`,
    at: run.ranAt,
    notes: [
      `Told on ${formatInstant(run.ranAt)} by ${oneLine(run.ranBy.name)}${run.isScoped ? ", who saw a part of the company's costs" : ""}. It stays as it was told.`,
    ],
    url: `${ctx.host.baseUrl}/reports/${id}/runs/${number}`,
    data: dataOf(run.items),
    sections: composeTold(run.items),
  });
}

/** A saved view on paper, as the person sees it now. */
export async function printView(
  ctx: Context,
  { printer, reader }: { printer: Printer; reader: CostReader },
  id: string,
  options: ReadOptions = {},
): Promise<PrintedFile> {
  requirePermission(ctx, "costs:read");
  const { name, path, data, sections } = await tellSubject(ctx, reader, { kind: "view", id }, options);
  return print(ctx, printer, {
    title: oneLine(name),
    ...asSeenNow(ctx),
    url: `${ctx.host.baseUrl}${path}`,
    data,
    sections,
  });
}

/** What the explorer shows on paper, as the person sees it now. */
export async function printShownView(
  ctx: Context,
  { printer, reader }: { printer: Printer; reader: CostReader },
  input: unknown,
  options: ReadOptions = {},
): Promise<PrintedFile> {
  requirePermission(ctx, "costs:read");
  const { view, path } = PrintViewInput.parse(input);
  const { data, sections } = await tellView(ctx, reader, view, options);
  return print(ctx, printer, {
    title: titleOfView(view),
    ...asSeenNow(ctx),
    url: `${ctx.host.baseUrl}${path}`,
    data,
    sections,
  });
}

function asSeenNow(ctx: Context): Pick<ReportDocument, "at" | "notes"> {
  const part = ctx.rowFilter === null ? "" : ": a part of the company's costs";
  return { at: ctx.host.clock.now().toISOString(), notes: [`As ${oneLine(ctx.actor.name)} sees it${part}.`] };
}

async function print(ctx: Context, printer: Printer, told: Omit<ReportDocument, "company">): Promise<PrintedFile> {
  const { name } = await ctx.inTenant((tx) =>
    tx.tenant.findUniqueOrThrow({ where: { id: ctx.tenantId }, select: { name: true } }),
  );
  const document = { ...told, company: oneLine(name) };
  return { fileName: `${fileStem(told.title)}.pdf`, content: await printer.pdf(document) };
}
