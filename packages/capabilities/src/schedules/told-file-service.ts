import { AppError } from "@finops/kernel/app-error";
import { isId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { Context } from "@finops/platform/tenancy/context";
import * as z from "zod";
import type { ExportDownload, Exporter } from "../exports/index.ts";
import { ToldGroups } from "./told-table.ts";

/**
 * A table that a run told of by a link: all of its rows as they were published when it was told, of the costs that the person who
 * asks may see and take along.
 * @param number of the run's tables, from 1
 */
export async function downloadToldTable(
  ctx: Context,
  exporter: Exporter,
  { runId, number }: { runId: string; number: number },
  signal?: AbortSignal,
): Promise<ExportDownload> {
  requirePermission(ctx, "exports:write");
  const run = isId(runId)
    ? await ctx.inTenant((tx) => tx.scheduleRun.findFirst({ where: { id: runId }, select: { files: true } }))
    : null;
  const table = z.array(ToldGroups).parse(run?.files ?? [])[number - 1];
  if (table === undefined) throw new AppError("not_found", "There is no such file, or it is not shown to you.");
  const { name, query, position } = table;
  const what = { kind: "query" as const, query };
  return exporter.download(ctx, { what, format: "csv", fileName: name }, { signal, position });
}
