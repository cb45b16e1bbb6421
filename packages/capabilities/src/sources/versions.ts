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
import type { DatasetVersion, VersionConformance } from "./contract.ts";
import { named } from "./named-report.ts";

const LandedFiles = z.array(
  z.object({ name: z.string(), sha256: z.string(), bytes: z.number(), role: z.string().default("") }),
);

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
    days: version.days as DatasetVersion["days"],
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

export async function findVersion(ctx: Context, versionId: string) {
  requirePermission(ctx, "sources:read");
  const version = isId(versionId)
    ? await ctx.inTenant((tx) =>
        tx.datasetVersion.findFirst({ where: { id: versionId }, include: { source: true, landing: true } }),
      )
    : null;
  if (version === null) throw new AppError("not_found", "There is no such version.");
  return version;
}

export function filesOf(stored: unknown): DatasetVersion["files"] {
  const files = LandedFiles.safeParse(stored);
  return files.success ? files.data : [];
}
