import * as z from "zod";
import { AppError } from "@finops/kernel/app-error";
import { decimal } from "@finops/kernel/decimal";
import { isId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { columnToDay } from "@finops/platform/db/day-column";
import type { Context } from "@finops/platform/tenancy/context";
import { formatName } from "@finops/pipeline/format-names";
import { ImportReport } from "@finops/pipeline/import-report";
import type { Conformance, RuleResult } from "@finops/pipeline/check/conformance";
import { withLakeFiles } from "@finops/pipeline/local-files";
import type { PipelineHost } from "@finops/pipeline/pipeline-host";
import { findCurrent, getPublication } from "@finops/pipeline/publish/publication-log";
import type { DatasetVersion, RollbackPreview, VersionConformance, VersionRejects } from "./contract.ts";
import { named } from "./named-report.ts";

const LandedFiles = z.array(
  z.object({ name: z.string(), sha256: z.string(), bytes: z.number(), role: z.string().default("") }),
);
const rejectsPageMax = 500;
const changesMax = 20;

/** What a version is made of: its source and month, what came out, and the files behind it. */
export async function getVersion(ctx: Context, versionId: string): Promise<DatasetVersion> {
  const version = await findVersion(ctx, versionId);
  const report = ImportReport.safeParse(version.report);
  return {
    id: version.id,
    source: version.source.key,
    sourceName: version.source.name,
    format: version.landing.format,
    formatName: formatName(version.landing.format),
    billingPeriod: columnToDay(version.billingPeriod),
    number: version.number,
    state: version.state,
    rows: Number(version.rows),
    totals: version.totals as DatasetVersion["totals"],
    createdAt: version.createdAt.toISOString(),
    publishedAt: version.publishedAt?.toISOString() ?? null,
    landedAt: version.landing.landedAt.toISOString(),
    files: filesOf(version.landing.files),
    report: report.success ? named(report.data) : null,
  };
}

/** How a version stands against the rules of FOCUS. @throws not_found where none were checked */
export async function getConformance(ctx: Context, versionId: string): Promise<VersionConformance> {
  const version = await findVersion(ctx, versionId);
  if (version.conformance === null)
    throw new AppError("not_found", "The rules of FOCUS were not checked for this version.");
  return groupByColumn(
    version.conformance as unknown as Conformance,
    filesOf(version.landing.files).map((file) => file.name),
  );
}

/** Failed rules by column, the columns with broken MUSTs first, then those with more broken rules. */
export function groupByColumn(conformance: Conformance, files: readonly string[]): VersionConformance {
  const told = conformance.results.filter((result) => result.composite !== true);
  const failed = told.filter((result) => result.status === "failed");
  const columns = new Map<string | null, RuleResult[]>();
  for (const result of failed) columns.set(result.column, [...(columns.get(result.column) ?? []), result]);
  const musts = (rules: readonly RuleResult[]) => rules.filter((rule) => rule.keyword.startsWith("MUST")).length;
  const count = (status: RuleResult["status"]) => told.filter((result) => result.status === status).length;
  const { version, ruleSet, rowsChecked, rules, failedMust, score } = conformance;
  return {
    version,
    ruleSet,
    rowsChecked,
    rules,
    failed: failed.length,
    failedMust,
    score,
    // What holds is not kept rule by rule, so it is what is left.
    passed: rules - failed.length,
    notApplicable: count("not-applicable"),
    notCheckable: count("not-checkable"),
    columns: [...columns]
      .toSorted(
        ([a, ofA], [b, ofB]) => musts(ofB) - musts(ofA) || ofB.length - ofA.length || (a ?? "").localeCompare(b ?? ""),
      )
      .map(([column, broken]) => ({
        column,
        rules: broken
          .toSorted((a, b) => musts([b]) - musts([a]) || decimal(b.rows).comparedTo(decimal(a.rows)))
          .map(({ ruleId, keyword, sentence, rows, examples }) => ({
            ruleId,
            keyword,
            sentence,
            rows,
            examples: examples.map(({ file, row, values }) => ({
              // A file is kept by its place in the landing.
              file: file === undefined ? null : (files[Number(file)] ?? file),
              row: row ?? null,
              values: { ...values },
            })),
          })),
      })),
  };
}

/** One page of the rows that a version refused, with file, line, reason and cost. */
export async function getRejects(
  ctx: Context,
  pipeline: Pick<PipelineHost, "engine" | "workDir">,
  versionId: string,
  { offset, limit }: { offset: number; limit: number },
): Promise<VersionRejects> {
  const version = await findVersion(ctx, versionId);
  const prefixes = ["rejected", "unreadable"].map((folder) => `${version.lakePrefix}/${folder}`);
  const page = await withLakeFiles(ctx.host.files, pipeline, prefixes, ([rejected = [], unreadable = []]) =>
    pipeline.engine.run("rejects", { rejected, unreadable, offset, limit: Math.min(limit, rejectsPageMax) }),
  );
  const files = filesOf(version.landing.files);
  const next = offset + page.rows.length;
  return {
    total: page.total,
    rows: page.rows.map((row) => ({ ...row, file: files[row.file]?.name ?? "" })),
    nextOffset: next < page.total && page.rows.length > 0 ? next : null,
  };
}

/** What making an earlier state current again would change, before it is done. */
export async function previewRollback(
  ctx: Context,
  pipeline: Pick<PipelineHost, "engine" | "workDir">,
  position: string,
): Promise<RollbackPreview> {
  requirePermission(ctx, "sources:read");
  if (!/^\d{1,18}$/.test(position)) throw new AppError("invalid", "A position is a whole number.");
  const { target, current, versions } = await ctx.inTenant(async (tx) => {
    const found = await getPublication(tx, ctx.tenantId, BigInt(position));
    const isNow = await findCurrent(tx, ctx.tenantId, found.billingPeriod);
    return {
      target: found,
      current: isNow?.versionIds ?? [],
      versions: await tx.datasetVersion.findMany({
        where: { id: { in: [...found.versionIds, ...(isNow?.versionIds ?? [])] } },
        include: { source: true },
      }),
    };
  });
  const of = (ids: readonly string[]) => versions.filter((version) => ids.includes(version.id));
  const prefixes = (ids: readonly string[]) => of(ids).map((version) => `${version.lakePrefix}/published`);
  // Versions that stand on both sides cannot differ.
  const before = prefixes(current.filter((id) => !target.versionIds.includes(id)));
  const after = prefixes(target.versionIds.filter((id) => !current.includes(id)));
  const changes = await withLakeFiles(ctx.host.files, pipeline, [...before, ...after], async (paths) => {
    const [old, then] = [paths.slice(0, before.length).flat(), paths.slice(before.length).flat()];
    return old.length + then.length === 0 ? [] : pipeline.engine.run("compare", { before: old, after: then });
  });
  return {
    billingPeriod: target.billingPeriod,
    before: stateOf(of(current)),
    after: stateOf(of(target.versionIds)),
    changes: changes.slice(0, changesMax),
    changesTotal: changes.length,
  };
}

function stateOf(
  versions: readonly { rows: bigint; totals: unknown; number: number; source: { name: string } }[],
): RollbackPreview["before"] {
  const totals: RollbackPreview["before"]["totals"] = {};
  for (const version of versions) {
    for (const [currency, { billedCost, effectiveCost }] of Object.entries(
      version.totals as RollbackPreview["before"]["totals"],
    )) {
      const known = totals[currency] ?? { billedCost: "0", effectiveCost: "0" };
      totals[currency] = {
        billedCost: decimal(known.billedCost).plus(decimal(billedCost)).toString(),
        effectiveCost: decimal(known.effectiveCost).plus(decimal(effectiveCost)).toString(),
      };
    }
  }
  return {
    rows: versions.reduce((sum, version) => sum + Number(version.rows), 0),
    totals,
    versions: versions.map((version) => ({ sourceName: version.source.name, number: version.number })),
  };
}

async function findVersion(ctx: Context, versionId: string) {
  requirePermission(ctx, "sources:read");
  const version = isId(versionId)
    ? await ctx.inTenant((tx) =>
        tx.datasetVersion.findFirst({ where: { id: versionId }, include: { source: true, landing: true } }),
      )
    : null;
  if (version === null) throw new AppError("not_found", "There is no such version.");
  return version;
}

function filesOf(stored: unknown): DatasetVersion["files"] {
  const files = LandedFiles.safeParse(stored);
  return files.success ? files.data : [];
}
