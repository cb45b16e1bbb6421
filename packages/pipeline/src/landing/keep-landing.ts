import * as z from "zod";
import { newId } from "@finops/kernel/id";
import { columnToDay } from "@finops/platform/db/day-column";
import type { Tx } from "@finops/platform/db/database";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import { ImportReport } from "../import-report.ts";
import { moveIntoStore } from "../move-into-store.ts";
import type { ImportRequest } from "../import-request.ts";
import type { BillDelivery } from "./find-deliveries.ts";
import type { LandedCopy } from "./land-file.ts";

/** The landing of the same content, and whether all that it brought is still current; null when it is new. */
export async function findLanding(
  tx: Tx,
  content: string,
  source: string | undefined,
): Promise<{ isCurrent: boolean; report: ImportReport } | null> {
  const landing = await tx.landing.findFirst({
    where: { contentSha256: content, ...(source === undefined ? {} : { source: { key: source } }) },
    orderBy: { landedAt: "desc" },
    include: { versions: { orderBy: { createdAt: "desc" } } },
  });
  const last = landing?.versions[0];
  if (landing === null || last === undefined) return null;
  const report = ImportReport.safeParse(last.report);
  if (!report.success) return null;
  const published = new Set(
    landing.versions
      .filter((version) => version.state === "published")
      .map((version) => columnToDay(version.billingPeriod).slice(0, 7)),
  );
  return { isCurrent: report.data.periods.every((period) => published.has(period)), report: report.data };
}

export interface NewLanding {
  content: string;
  format: string;
  options: { assume: Readonly<Record<string, string>>; definition: unknown; roles: readonly string[] };
  files: readonly LandedCopy[];
}

/** Raw files in the store, unchanged, under an id that no row has yet. */
export interface StoredLanding extends NewLanding {
  id: string;
}

export async function storeLanding(ctx: Context, landing: NewLanding): Promise<StoredLanding> {
  const id = newId();
  for (const [index, file] of landing.files.entries())
    await moveIntoStore(ctx.host.files, file.rawPath, `${landingPrefix(ctx.tenantId, id)}/${index}`);
  return { ...landing, id };
}

/** Records a landing. The same content of one source is landed once: then the older landing's id comes back. */
export async function recordLanding(tx: Tx, ctx: Context, sourceId: string, landing: StoredLanding): Promise<string> {
  const { id, content, format, options } = landing;
  const files = landing.files.map(({ name, sha256, bytes, shape }, index) => ({
    name,
    sha256,
    bytes,
    shape: shape as object,
    role: options.roles[index] ?? "",
    stored: `${landingPrefix(ctx.tenantId, id)}/${index}`,
  }));
  const kept = await tx.landing.upsert({
    where: { tenantId_sourceId_contentSha256: { tenantId: ctx.tenantId, sourceId, contentSha256: content } },
    create: {
      id,
      tenantId: ctx.tenantId,
      sourceId,
      contentSha256: content,
      format,
      options: toJsonColumn(options),
      files,
      bytes: BigInt(files.reduce((sum, file) => sum + file.bytes, 0)),
    },
    update: {},
    select: { id: true },
  });
  return kept.id;
}

export function landingPrefix(tenantId: string, landingId: string): string {
  return `tenants/${tenantId}/landing/${landingId}`;
}

/** A landing that can be imported again. */
export interface CurrentLanding {
  delivery: BillDelivery;
  request: Pick<ImportRequest, "files" | "definition" | "assume" | "sourceName">;
  /** The periods (`2026-08`) for which this landing is the one that counts. */
  periods: ReadonlySet<string>;
}

/** The landings behind what is published, the oldest first; `source` is a source's key. */
export async function listCurrentLandings(tx: Tx, source: string | undefined): Promise<CurrentLanding[]> {
  const landings = await tx.landing.findMany({
    where: { versions: { some: { state: "published" } }, ...(source === undefined ? {} : { source: { key: source } }) },
    include: { source: true, versions: { where: { state: "published" } } },
    orderBy: { landedAt: "asc" },
  });
  return landings.map((landing) => {
    const files = LandedFileRecord.array()
      .parse(landing.files)
      .map((file) => ({ name: file.name, path: file.stored, bytes: file.bytes, role: file.role }));
    const options = LandingOptions.parse(landing.options);
    const delivery = {
      label: landing.source.name,
      format: landing.format,
      connector: landing.source.connector,
      because: "It was landed earlier.",
      files,
      ignored: [],
      bytes: Number(landing.bytes),
    };
    return {
      delivery,
      request: {
        files,
        sourceName: landing.source.key,
        assume: options.assume,
        ...(options.definition === null ? {} : { definition: options.definition }),
      },
      periods: new Set(landing.versions.map((version) => columnToDay(version.billingPeriod).slice(0, 7))),
    };
  });
}

const LandedFileRecord = z.object({ name: z.string(), stored: z.string(), bytes: z.number(), role: z.string() });
const LandingOptions = z.object({ assume: z.record(z.string(), z.string()), definition: z.unknown() });
