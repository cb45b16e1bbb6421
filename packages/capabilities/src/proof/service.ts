import { decimal, sum } from "@finops/kernel/decimal";
import { addMonths, parsePeriod } from "@finops/kernel/period";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import { columnToDay } from "@finops/platform/db/day-column";
import type { Tx } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";
import { ImportReport } from "@finops/pipeline/import-report";
import { pinStore } from "@finops/pipeline/publish/publication-log";
import { measures } from "@finops/warehouse/model/measures";
import { type CostAnswer, parseCostQuery, parseCostRowsQuery } from "@finops/warehouse/query/cost-query";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { CostAccess, PinnedStore, ReadOptions } from "@finops/warehouse/query/cost-store";
import * as z from "zod";
import { accessOf } from "../costs/index.ts";
import type { FigureProof, ProvenFile, ProvenVersion, ReconciliationStep } from "./contract.ts";
import { FigureRequest } from "./contract.ts";
import { figureQuery, fileQuery, relatedTo, rowsQuery, storeQuery } from "./figure-queries.ts";
import { writePack } from "./proof-pack.ts";
import {
  type Delivery,
  type KeptVersion,
  reconcileDelivery,
  reconcileStore,
  step,
  type StoredVersion,
} from "./reconcile.ts";

/**
 * Leads a figure back to the bill files that made it, and checks every step on the way: the figure against the sum over its
 * files, the store against what was published, and what was published against the raw files with each rule that moved cost.
 * Amounts are exact decimals as text. Throws `invalid` for a request that is none, `forbidden` without costs:read.
 */
export async function proveFigure(
  ctx: Context,
  reader: CostReader,
  input: unknown,
  options: ReadOptions = {},
): Promise<FigureProof> {
  requirePermission(ctx, "costs:read");
  const figure = FigureRequest.parse(input);
  const pinned = await ctx.inTenant((tx) => pinStore(tx, ctx.tenantId, figure.asOf));
  return proveAt(ctx, reader, figure, { access: accessOf(ctx), pinned, options });
}

/** Who asks, and what of. */
interface Reading {
  access: CostAccess;
  pinned: PinnedStore;
  options: ReadOptions;
}

async function proveAt(
  ctx: Context,
  reader: CostReader,
  figure: FigureRequest,
  reading: Reading,
): Promise<FigureProof> {
  parsePeriod(figure.period.start, figure.period.end);
  const { access, pinned, options } = reading;
  const request = parseCostQuery(figureQuery(figure));
  const [answer, byFile] = await Promise.all([
    reader.query(access, pinned, request, options),
    reader.query(access, pinned, parseCostQuery(fileQuery(figure)), options),
  ]);
  const parts = partsOf(byFile, figure.measure);
  const records = await ctx.inTenant((tx) => versionRecords(tx, [...parts.keys()]));
  const versions = records.map((record) => provenVersion(record, parts.get(record.id) ?? []));
  const measure = measures[figure.measure];
  const values = answer.totals.find((total) => total.values["rowCount"]?.value !== "0")?.values ?? {};
  const isScoped = access.rowFilter !== undefined;
  return {
    figure: {
      ...(values[figure.measure] ?? { value: null, missing: "No charge lies within this filter and period." }),
      measure: figure.measure,
      label: measure.label,
      unit: measure.unit,
      about: measure.about,
      currency: figure.currency,
      additive: measure.additive,
    },
    related: relatedTo(figure.measure).map((id) => ({
      ...(values[id] ?? { value: null }),
      measure: id,
      label: measures[id].label,
      unit: measures[id].unit,
    })),
    rows: Number(values["rowCount"]?.value ?? 0),
    request,
    statement: {
      sql: answer.meta.sql,
      tables: answer.meta.tables,
      rowsRead: answer.meta.rowsRead,
      position: pinned.position,
      freshAt: pinned.freshAt,
    },
    versions,
    reconciliation: [
      ...ownSteps(figure, values, versions),
      ...(isScoped ? [] : await bookSteps(ctx, reader, reading, figure.currency, records)),
    ],
    isScoped,
  };
}

const packPageRows = 2000;

/**
 * The proof as a zip that a stranger checks with plain DuckDB, as its bytes, in bounded memory. Stops when the request is
 * cancelled. Throws what `proveFigure` throws, and `forbidden` without exports:write.
 */
export async function* packProof(
  ctx: Context,
  reader: CostReader,
  input: unknown,
  options: ReadOptions = {},
): AsyncGenerator<Uint8Array> {
  requirePermission(ctx, "costs:read");
  requirePermission(ctx, "exports:write");
  const figure = FigureRequest.parse(input);
  const pinned = await ctx.inTenant((tx) => pinStore(tx, ctx.tenantId, figure.asOf));
  const access = accessOf(ctx, ["exports:write"]);
  const proof = await proveAt(ctx, reader, figure, { access, pinned, options });
  const { rows: rowCount, isScoped } = proof;
  const after = { measure: figure.measure, period: figure.period, rows: rowCount, isScoped };
  await ctx.inTenant((tx) => audit(tx, ctx, "proof.exported", { after }));
  const rows = parseCostRowsQuery(rowsQuery(figure, { limit: packPageRows }));
  yield* writePack(proof, reader.rowPages(access, pinned, rows, options), ctx.host.clock.now());
}

interface FilePart {
  file: number;
  rows: number;
  value: string | null;
}

/** What of the figure came from which file, by version. */
function partsOf(byFile: CostAnswer, measure: FigureRequest["measure"]): Map<string, FilePart[]> {
  const parts = new Map<string, FilePart[]>();
  for (const row of byFile.rows) {
    const { versionId, file } = splitBillFile(row.key["billFile"] ?? "");
    const part = { file, rows: Number(row.values["rowCount"]!.value), value: row.values[measure]?.value ?? null };
    parts.set(versionId, [...(parts.get(versionId) ?? []), part]);
  }
  return parts;
}

/** The dimension's value is the version's id and the file's place among the files that landed. */
function splitBillFile(value: string): { versionId: string; file: number } {
  const slash = value.lastIndexOf("/");
  return { versionId: value.slice(0, slash), file: Number(value.slice(slash + 1)) };
}

type VersionRecord = Awaited<ReturnType<typeof versionRecords>>[number];

function versionRecords(tx: Tx, ids: readonly string[]) {
  return tx.datasetVersion.findMany({
    where: { id: { in: [...ids] } },
    include: { source: true, landing: true },
    orderBy: [{ billingPeriod: "asc" }, { sourceId: "asc" }],
  });
}

const LandedFiles = z.object({ name: z.string(), role: z.string(), sha256: z.string(), bytes: z.number() }).array();

function provenVersion(record: VersionRecord, parts: readonly FilePart[]): ProvenVersion {
  const landed = LandedFiles.parse(record.landing.files);
  const files = parts
    .toSorted((a, b) => a.file - b.file)
    .map(({ file, rows, value }): ProvenFile => ({
      ...(landed[file] ?? { name: `File ${file}`, role: "", sha256: "", bytes: 0 }),
      rows,
      value,
    }));
  const isAdded = parts.every((part) => part.value !== null);
  return {
    id: record.id,
    source: record.source.key,
    sourceName: record.source.name,
    billingPeriod: columnToDay(record.billingPeriod),
    number: record.number,
    publishedAt: record.publishedAt?.toISOString() ?? null,
    rows: parts.reduce((all, part) => all + part.rows, 0),
    value: isAdded ? sum(parts.map((part) => decimal(part.value!))).toString() : null,
    files,
  };
}

/** The figure, which may come from a rollup, against the rows of each file. */
function ownSteps(
  figure: FigureRequest,
  values: CostAnswer["totals"][number]["values"],
  versions: readonly ProvenVersion[],
): ReconciliationStep[] {
  const parts = versions.map((version) => version.value).filter((value) => value !== null);
  const steps = [
    step(
      "Every charge row of the figure came from one of these bill files",
      null,
      { label: "Rows of the figure", value: values["rowCount"]?.value ?? "0" },
      { label: "Rows of the files", value: String(versions.reduce((all, version) => all + version.rows, 0)) },
    ),
  ];
  const value = values[figure.measure]?.value;
  if (value == null || !measures[figure.measure].additive) return steps;
  return [
    step(
      "The figure is the sum of its bill files",
      null,
      { label: "The figure", value },
      { label: "Sum of the files' rows", value: sum(parts.map((part) => decimal(part))).toString() },
    ),
    ...steps,
  ];
}

const Totals = z.record(z.string(), z.object({ billedCost: z.string(), effectiveCost: z.string() }));

/** Whole bills behind the figure: the store against the books, and the books against the raw files. */
async function bookSteps(
  ctx: Context,
  reader: CostReader,
  { access, pinned, options }: Reading,
  currency: string,
  records: readonly VersionRecord[],
): Promise<ReconciliationStep[]> {
  if (records.length === 0) return [];
  const kept = (record: Pick<VersionRecord, "id" | "billingPeriod" | "totals" | "rows">): KeptVersion => ({
    id: record.id,
    billingPeriod: columnToDay(record.billingPeriod),
    published: Totals.parse(record.totals)[currency] ?? { billedCost: "0", effectiveCost: "0" },
    rows: Number(record.rows),
  });
  const periods = records.map((record) => columnToDay(record.billingPeriod)).toSorted();
  const stored = await reader.query(
    access,
    pinned,
    parseCostQuery(storeQuery(periods[0]!, addMonths(periods.at(-1)!, 1))),
    options,
  );
  const landings = await ctx.inTenant((tx) =>
    tx.landing.findMany({
      where: { id: { in: [...new Set(records.map((record) => record.landingId))] } },
      include: { source: true, versions: true },
      orderBy: { landedAt: "asc" },
    }),
  );
  const deliveries = landings.flatMap((landing): Delivery[] => {
    const own = records.find((record) => record.landingId === landing.id)!;
    const report = ImportReport.safeParse(own.report);
    if (!report.success) return [];
    // One landing may have been read more than once; what one reading brought carries its report.
    const ofReading = landing.versions.filter(
      (version) => JSON.stringify(version.report) === JSON.stringify(own.report),
    );
    return [{ name: landing.source.name, report: report.data, versions: ofReading.map(kept) }];
  });
  const bySource = new Map<string, VersionRecord[]>();
  for (const record of records) bySource.set(record.source.name, [...(bySource.get(record.source.name) ?? []), record]);
  const inStore = storedVersions(stored, currency);
  return [
    ...[...bySource].flatMap(([name, own]) => reconcileStore(name, own.map(kept), inStore)),
    ...deliveries.flatMap((delivery) => reconcileDelivery(delivery, currency)),
  ];
}

function storedVersions(stored: CostAnswer, currency: string): Map<string, StoredVersion> {
  const versions = new Map<string, StoredVersion>();
  for (const row of stored.rows.filter((one) => one.currency === currency)) {
    const { versionId } = splitBillFile(row.key["billFile"] ?? "");
    const before = versions.get(versionId) ?? { billedCost: "0", effectiveCost: "0", rows: 0 };
    const add = (a: string, b: string | null | undefined) =>
      decimal(a)
        .plus(decimal(b ?? "0"))
        .toString();
    versions.set(versionId, {
      billedCost: add(before.billedCost, row.values["billedCost"]?.value),
      effectiveCost: add(before.effectiveCost, row.values["effectiveCost"]?.value),
      rows: before.rows + Number(row.values["rowCount"]?.value ?? 0),
    });
  }
  return versions;
}
