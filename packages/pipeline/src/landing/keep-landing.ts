import { createReadStream } from "node:fs";
import * as z from "zod";
import { AppError } from "@finops/kernel/app-error";
import { parseDay } from "@finops/kernel/period";
import type { Tx } from "@finops/platform/db/database";
import { dayToColumn } from "@finops/platform/db/day-column";
import type { Context } from "@finops/platform/tenancy/context";
import { ImportReport } from "../import-report.ts";
import type { ImportRequest } from "../run.ts";
import type { BillDelivery } from "./find-deliveries.ts";
import type { LandedCopy } from "./land-file.ts";

export interface SourceChoice {
  key: string;
  name: string;
  connector: string;
  format: string;
  takesOver?: { source: string; from: string };
}

export interface KnownSource {
  id: string;
  key: string;
  name: string;
}

/** The source of that key, made when it is new, with its takeover recorded. */
export async function getOrCreateSource(tx: Tx, ctx: Context, choice: SourceChoice): Promise<KnownSource> {
  const { takesOver, ...data } = choice;
  const takeover = takesOver === undefined ? {} : { takesOverFrom: await sourceId(tx, takesOver.source), takesOverOn: dayToColumn(parseDay(takesOver.from)) };
  return tx.source.upsert({ where: { tenantId_key: { tenantId: ctx.tenantId, key: choice.key } }, create: { tenantId: ctx.tenantId, ...data, ...takeover }, update: { format: choice.format, ...takeover }, select: { id: true, key: true, name: true } });
}

async function sourceId(tx: Tx, key: string): Promise<string> {
  const source = await tx.source.findFirst({ where: { key } });
  if (source === null) throw new AppError("not_found", `There is no source "${key}" to take over from.`);
  return source.id;
}

/** The landing of the same content, and whether all that it brought is still current; null when it is new. */
export async function findLanding(tx: Tx, content: string, source: string | undefined): Promise<{ isCurrent: boolean; report: ImportReport } | null> {
  const landing = await tx.landing.findFirst({ where: { contentSha256: content, ...(source === undefined ? {} : { source: { key: source } }) }, include: { versions: { orderBy: { number: "desc" } } } });
  const last = landing?.versions[0];
  if (landing === null || last === undefined) return null;
  const report = ImportReport.safeParse(last.report);
  if (!report.success) return null;
  const published = new Set(landing.versions.filter((version) => version.state === "published").map((version) => version.billingPeriod.toISOString().slice(0, 7)));
  return { isCurrent: report.data.periods.every((period) => published.has(period)), report: report.data };
}

export interface NewLanding {
  content: string;
  format: string;
  options: { assume: Readonly<Record<string, string>>; definition: unknown; roles: readonly string[] };
  files: readonly LandedCopy[];
}

export interface KeptLanding {
  id: string;
  prefix: string;
}

/** Moves the raw files into the store, unchanged, and records them. The same content is kept once. */
export async function keepLanding(ctx: Context, source: KnownSource, landing: NewLanding): Promise<KeptLanding> {
  const prefix = `tenants/${ctx.tenantId}/landing/${landing.content}`;
  for (const [index, file] of landing.files.entries()) {
    if ((await ctx.host.files.find(`${prefix}/${index}`)) === null) await ctx.host.files.put(`${prefix}/${index}`, createReadStream(file.rawPath));
  }
  const files = landing.files.map(({ name, sha256, bytes, shape }, index) => ({ name, sha256, bytes, shape: shape as object, role: landing.options.roles[index] ?? "", stored: `${prefix}/${index}` }));
  const kept = await ctx.inTenant((tx) =>
    tx.landing.upsert({
      where: { tenantId_sourceId_contentSha256: { tenantId: ctx.tenantId, sourceId: source.id, contentSha256: landing.content } },
      create: { tenantId: ctx.tenantId, sourceId: source.id, contentSha256: landing.content, format: landing.format, options: landing.options as object, files, bytes: BigInt(files.reduce((sum, file) => sum + file.bytes, 0)) },
      update: {},
      select: { id: true },
    }),
  );
  return { id: kept.id, prefix };
}

/** The landings behind what is published, as deliveries that can be imported again; `source` is a source's key. */
export async function listCurrentLandings(tx: Tx, source: string | undefined): Promise<{ delivery: BillDelivery; request: Pick<ImportRequest, "files" | "definition" | "assume" | "sourceName"> }[]> {
  const landings = await tx.landing.findMany({ where: { versions: { some: { state: "published" } }, ...(source === undefined ? {} : { source: { key: source } }) }, include: { source: true }, orderBy: { landedAt: "asc" } });
  return landings.map((landing) => {
    const files = LandedFileRecord.array().parse(landing.files).map((file) => ({ name: file.name, path: file.stored, bytes: file.bytes, role: file.role }));
    const options = LandingOptions.parse(landing.options);
    const delivery = { label: landing.source.name, format: landing.format, connector: landing.source.connector, because: "It was landed earlier.", files, ignored: [], bytes: Number(landing.bytes) };
    return { delivery, request: { files, sourceName: landing.source.key, assume: options.assume, ...(options.definition === null ? {} : { definition: options.definition }) } };
  });
}

const LandedFileRecord = z.object({ name: z.string(), stored: z.string(), bytes: z.number(), role: z.string() });
const LandingOptions = z.object({ assume: z.record(z.string(), z.string()), definition: z.unknown() });
