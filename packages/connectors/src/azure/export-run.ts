import * as z from "zod";
import type { ListedFile, ReadText } from "../delivery.ts";
import { roleByName } from "./formats/cost-details/detect.ts";

/** What one run of a Cost Management export wrote: `<export>/<yyyymmdd-yyyymmdd>/<run>/…`. */
export interface ExportRun {
  /** Path of the export, and the days that it covers as the folder writes them. */
  exportPath: string;
  period: string;
  /** Cost Management's word, `ActualCost`, or what the names of the folders say. */
  type: string | undefined;
  /** What the export covers: the billing account or subscription of the manifest, else the folder that its exports share. */
  scope: string;
  scopeIsStated: boolean;
  /** Sorts runs by time; undefined where nothing tells when the run was. */
  submitted: string | undefined;
  files: readonly string[];
  manifest: string | undefined;
  missing: readonly string[];
}

/** The parts of an export manifest that matter here. Microsoft adds fields with every version. */
const Manifest = z.object({
  exportConfig: z.object({ resourceId: z.string().optional(), type: z.string().optional() }).optional(),
  runInfo: z.object({ submittedTime: z.string().optional(), runId: z.string().optional() }).optional(),
  blobs: z.array(z.object({ blobName: z.string() })),
});
type Manifest = z.infer<typeof Manifest>;

export const billFile = /\.(csv|csv\.gz|parquet)$/i;
const manifestFile = /(^|\/)_?manifest\.json$/i;

/** The runs whose folders follow Cost Management's layout. */
export async function readExportRuns(files: readonly ListedFile[], readText: ReadText): Promise<ExportRun[]> {
  const placed = files.flatMap(({ path }) => placeOf(path) ?? []);
  const runs: ExportRun[] = [];
  for (const members of groupBy(placed, (place) => place.runPath).values()) {
    const { exportPath, period, runPath } = members[0]!;
    const manifestPath = members.find((place) => manifestFile.test(place.path))?.path;
    const manifest = manifestPath === undefined ? undefined : parseManifest(await readText(manifestPath));
    const found = members.map((place) => place.path).filter((path) => billFile.test(path));
    const stated = manifest?.blobs.map((blob) => ({
      name: blob.blobName,
      path: `${folderOf(manifestPath!)}${baseName(blob.blobName)}`,
    }));
    const scope = scopeOf(manifest);
    runs.push({
      exportPath,
      period,
      type: manifest?.exportConfig?.type ?? typeByName(exportPath, found),
      scope: scope ?? folderOf(exportPath),
      scopeIsStated: scope !== undefined,
      submitted:
        manifest?.runInfo?.submittedTime ??
        /(?:^|\/)(\d{12})(?:\/|$)/.exec(runPath.slice(exportPath.length + period.length + 1))?.[1],
      files: stated === undefined ? found : stated.map((blob) => blob.path).filter((path) => found.includes(path)),
      manifest: manifest === undefined ? undefined : manifestPath,
      missing: stated?.filter((blob) => !found.includes(blob.path)).map((blob) => blob.name) ?? [],
    });
  }
  return runs.filter((run) => run.files.length > 0 || run.missing.length > 0);
}

interface Place {
  path: string;
  exportPath: string;
  period: string;
  /** The folder of the run; a file that stands in the period's folder itself is a run of its own, unless a manifest stands beside it. */
  runPath: string;
}

function placeOf(path: string): Place[] | undefined {
  if (!billFile.test(path) && !manifestFile.test(path)) return undefined;
  const parts = path.split("/");
  const at = parts.findIndex((part) => /^\d{8}-\d{8}$/.test(part));
  if (at < 1 || at === parts.length - 1) return undefined;
  return [
    { path, exportPath: parts.slice(0, at).join("/"), period: parts[at]!, runPath: parts.slice(0, -1).join("/") },
  ];
}

function parseManifest(text: string): Manifest | undefined {
  try {
    return Manifest.safeParse(JSON.parse(text)).data;
  } catch {
    // Some other tool's manifest: the folder is then read without one.
    return undefined;
  }
}

function scopeOf(manifest: Manifest | undefined): string | undefined {
  return manifest?.exportConfig?.resourceId?.toLowerCase().split("/providers/microsoft.costmanagement/")[0];
}

function typeByName(exportPath: string, files: readonly string[]): string | undefined {
  const role = roleByName(exportPath) ?? roleByName(baseName(files[0] ?? ""));
  return role === undefined ? undefined : { actual: "ActualCost", amortized: "AmortizedCost" }[role];
}

export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** With its slash; empty for a path without folders. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
