import { AppError } from "@finops/kernel/app-error";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { columnToDay } from "@finops/platform/db/day-column";
import type { Context } from "@finops/platform/tenancy/context";
import type { NormalizeTaskOutput } from "./engine/normalize-task.ts";
import type { ImportReport } from "./import-report.ts";
import type { ImportRequest } from "./import-request.ts";
import type { BillDelivery } from "./landing/find-deliveries.ts";
import { storeLanding } from "./landing/keep-landing.ts";
import { findSourceKey, type SourceChoice } from "./landing/sources.ts";
import { summarizeCounts } from "./normalize/summarize-counts.ts";
import type { PipelineHost } from "./pipeline-host.ts";
import { type DeliveryRun, elapsed, type PreparedDelivery } from "./prepare-delivery.ts";
import { keepVersions } from "./publish/keep-versions.ts";

/** The second half: account for every row, keep the raw files, and turn the periods into versions of the lake. */
export async function keepDelivery(
  ctx: Context,
  pipeline: PipelineHost,
  run: DeliveryRun,
  prepared: PreparedDelivery,
): Promise<ImportReport> {
  if ("unchanged" in prepared) return prepared.unchanged;
  const { delivery, request, hooks } = run;
  const { landed, copies, content, normalized, startedAt } = prepared;
  const account = summarizeCounts(normalized.counts, normalized.unreadable.rows);
  const rejects = normalized.examples.map(({ file, ...example }) => ({ file: landed[file]?.name ?? "", ...example }));
  if (account.rowsPublished === 0) throw nothingToPublish(delivery, rejects, account.rowsRead);

  const source = await ctx.inTenant((tx) => chooseSource(tx, delivery, normalized, request));
  const report: ImportReport = {
    source: source.key,
    sourceName: source.name,
    format: delivery.format,
    because: delivery.because,
    files: landed.length,
    ...account,
    periods: periodsOf(normalized),
    conformance: conformanceOf(normalized),
    unchanged: false,
    restated: [],
    notes: [...normalized.notes],
    ignored: [...delivery.ignored, ...copies],
    rejects,
    durationMs: elapsed(startedAt),
  };
  const periods =
    run.again === null ? report.periods : await periodsStillOurs(ctx, source.key, report.periods, run.again);
  const landing = await storeLanding(ctx, {
    content,
    format: delivery.format,
    options: {
      assume: request.assume ?? {},
      definition: request.definition ?? null,
      roles: landed.map((file) => file.role),
    },
    files: landed,
  });
  const restated = await keepVersions(
    ctx,
    pipeline,
    { source, landing, normalized, report, periods, signal: hooks.signal, workItemId: hooks.workItemId },
    run.queue,
  );
  await ctx.inTenant((tx) =>
    audit(tx, ctx, "bill.imported", {
      after: { source: source.key, files: landed.length, rows: account.rowsPublished },
    }),
  );
  return { ...report, restated, durationMs: elapsed(startedAt) };
}

function periodsOf(normalized: NormalizeTaskOutput): string[] {
  return normalized.periods.filter((period) => period.files.published.length > 0).map((period) => period.period);
}

/**
 * Of a landing's periods, those where it counts, and those that nothing of its source is published for: a mapping of today
 * may put rows into another month. Where a later bill replaced it, it stays replaced.
 */
async function periodsStillOurs(
  ctx: Context,
  sourceKey: string,
  periods: readonly string[],
  counts: ReadonlySet<string>,
): Promise<string[]> {
  const published = await ctx.inTenant((tx) =>
    tx.datasetVersion.findMany({
      where: { state: "published", source: { key: sourceKey } },
      select: { billingPeriod: true },
    }),
  );
  const taken = new Set(published.map((version) => columnToDay(version.billingPeriod).slice(0, 7)));
  return periods.filter((period) => counts.has(period) || !taken.has(period));
}

/** Two formats of one account are two sources: their figures differ, and one has to take over from the other. */
async function chooseSource(
  tx: Tx,
  delivery: BillDelivery,
  normalized: NormalizeTaskOutput,
  request: ImportRequest,
): Promise<SourceChoice> {
  const choice = {
    connector: delivery.connector,
    format: delivery.format,
    ...(request.takesOver === undefined ? {} : { takesOver: request.takesOver }),
  };
  if (request.sourceName !== undefined) return { key: request.sourceName, name: request.sourceName, ...choice };
  const [first = "bill", ...more] = normalized.billingAccounts;
  const prefix = `${delivery.format}:`;
  const known = await findSourceKey(
    tx,
    prefix,
    normalized.periods.flatMap((period) => period.accounts),
  );
  return {
    key: known ?? `${prefix}${first}`,
    name: `${normalized.label} ${first}${more.length === 0 ? "" : ` and ${more.length} more`}`,
    ...choice,
  };
}

function nothingToPublish(delivery: BillDelivery, rejects: ImportReport["rejects"], rowsRead: number): AppError {
  const [first] = rejects;
  const where =
    first === undefined ? "" : `${first.file}${first.line === null ? "" : `, line ${first.line}`}: ${first.reason}`;
  const why = rowsRead === 0 ? "it holds no rows." : `none of its ${rowsRead} rows could be taken. ${where}`;
  return new AppError("invalid", `${delivery.label} was not imported: ${why} Nothing was changed.`, {
    facts: { rejects },
  });
}

function conformanceOf(normalized: NormalizeTaskOutput): ImportReport["conformance"] {
  const checked = normalized.periods.flatMap((period) => (period.conformance === null ? [] : [period.conformance]));
  if (checked.length === 0) return null;
  const failed = new Set(
    checked.flatMap((one) =>
      one.results
        .filter((result) => result.status === "failed" && result.composite !== true)
        .map((result) => result.ruleId),
    ),
  );
  const rules = Math.max(...checked.map((one) => one.rules));
  return {
    version: checked[0]!.version,
    rules,
    failed: failed.size,
    score: rules === 0 ? "100.0" : (Math.floor(((rules - failed.size) * 1000) / rules) / 10).toFixed(1),
  };
}
