import { AppError } from "@finops/kernel/app-error";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Context } from "@finops/platform/tenancy/context";
import { pinPosition, pinStore } from "@finops/pipeline/publish/publication-log";
import type { PinnedStore } from "@finops/warehouse/query/cost-store";
import { accessOf } from "../costs/index.ts";
import { type ExportContent, ExportRequest, type ExportRequestInput } from "./contract.ts";
import type { ExportOptions } from "./exporter.ts";

/** @throws forbidden, or invalid for what no host writes */
export function readRequest(ctx: Context, input: ExportRequestInput): ExportRequest {
  requirePermission(ctx, "exports:write");
  requirePermission(ctx, "costs:read");
  const request = ExportRequest.parse(input);
  if (request.what.kind === "focus" && request.format === "xlsx")
    throw new AppError(
      "invalid",
      "format: FOCUS 1.2 is written as csv or parquet. Choose the kind rows for a workbook.",
    );
  return request;
}

/** What is published at the position that is asked for, or by the day of the request. */
export function pinRequest(
  ctx: Context,
  { what }: ExportRequest,
  { position }: Pick<ExportOptions, "position">,
): Promise<PinnedStore> {
  return ctx.inTenant((tx) =>
    position === undefined
      ? pinStore(tx, ctx.tenantId, what.query.asOf)
      : pinPosition(tx, ctx.tenantId, BigInt(position)),
  );
}

/** What a workbook says of itself on its last sheet. */
export function notesOf(ctx: Context, { what }: ExportRequest, pinned: PinnedStore): string[] {
  const { period, basis } = what.query;
  const days = `from ${period.start} up to, and without, ${period.end}`;
  return [
    basis === "billing" ? `Costs of the billing periods that begin ${days}.` : `Costs of charges ${days} (UTC).`,
    `Written ${ctx.host.clock.now().toISOString()} for ${ctx.actor.name}.`,
    ...(isScoped(ctx)
      ? ["It holds the part of the company's costs that this person or key may see, and no others."]
      : []),
    `Read from position ${pinned.position} of the publication log${pinned.freshAt === null ? "" : `, last published ${pinned.freshAt}`}.`,
  ];
}

export function isScoped(ctx: Context): boolean {
  return accessOf(ctx, ["exports:write"]).rowFilter !== undefined;
}

export function fileNameOf({ fileName, what, format }: ExportRequest): string {
  return `${fileName ?? defaultName(what)}.${format}`;
}

/** The entry of the audit; written before anybody can have the file. */
export function noteExport(ctx: Context, request: ExportRequest, pinned: PinnedStore, rows: number): Promise<void> {
  const { what, format } = request;
  return ctx.inTenant((tx) =>
    audit(tx, ctx, "costs.exported", {
      after: {
        kind: what.kind,
        period: what.query.period,
        format,
        rows,
        position: pinned.position,
        isScoped: isScoped(ctx),
      },
    }),
  );
}

function defaultName({ kind, query }: ExportContent): string {
  const names = { query: "costs", rows: "charges", focus: "focus-1.2" };
  return `${names[kind]}-${query.period.start}-to-${query.period.end}`;
}

export const contentTypes: Record<ExportRequest["format"], string> = {
  csv: "text/csv; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  parquet: "application/vnd.apache.parquet",
};
