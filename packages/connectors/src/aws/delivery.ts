import type { Delivery, ListedFile, PlanDeliveries } from "../delivery.ts";
import { type CurManifest, readManifests } from "./manifest.ts";

/**
 * AWS's reports as deliveries, one for each report and billing period: the files that the period's manifest names. Without a
 * manifest, the files of the period's folder; of several versions there the newest, if their names tell which that is.
 */
export const planAwsDeliveries: PlanDeliveries = async (files, readText) => {
  const manifests = await readManifests(files, readText);
  const periods = groupByPeriod(files, manifests);
  const planned = periods.map((period) => planPeriod(period, files));
  const taken = new Set(planned.flatMap((delivery) => delivery.files.map((file) => file.path)));
  const statusTables = files
    .filter((file) => isStatusTable(file.path))
    .map(({ path }) => ({ path, because: "It has no costs: it tells Athena whether the report is being written." }));
  return planned.map((delivery, index) => ({
    ...delivery,
    ignored: [...delivery.ignored.filter((file) => !taken.has(file.path)), ...(index === 0 ? statusTables : [])],
  }));
};

/** Where a file stands in a bucket's layout. */
interface Place {
  /** The report's folder. */
  root: string;
  period: string;
  /** The folder of one assembly or execution below the period's, or null where each delivery overwrites the last. */
  version: string | null;
}

interface PlacedFile extends Place {
  path: string;
}

interface ReportPeriod {
  name: string;
  period: string;
  /** Whether the folder says that this is an AWS report, so that it can be taken without a manifest. */
  isKnownLayout: boolean;
  files: PlacedFile[];
  manifests: (CurManifest & { folderVersion: string | null })[];
}

function groupByPeriod(files: readonly ListedFile[], manifests: readonly CurManifest[]): ReportPeriod[] {
  const periods = new Map<string, ReportPeriod>();
  const periodOf = (key: string, start: Pick<ReportPeriod, "name" | "period" | "isKnownLayout">): ReportPeriod => {
    const found = periods.get(key) ?? { ...start, files: [], manifests: [] };
    periods.set(key, found);
    return found;
  };
  for (const { path } of files) {
    const place = findPlace(path);
    if (place === null) continue;
    const name = place.root.split("/").at(-1)! || "report";
    const period = periodOf(`${place.root} ${place.period}`, { name, period: place.period, isKnownLayout: false });
    period.files.push({ ...place, path });
    // Hive partitions are anybody's; a manifest makes them AWS's.
    if (!/(^|\/)month=\d/.test(path)) period.isKnownLayout = true;
  }
  for (const manifest of manifests) {
    const place = findPlace(manifest.path);
    const month = place?.period ?? manifest.period ?? findPlace(manifest.keys[0]!)?.period ?? "an unknown month";
    const period = periodOf(`${place?.root ?? `${folderOf(manifest.path)} ${manifest.reportName}`} ${month}`, {
      name: manifest.reportName,
      period: month,
      isKnownLayout: true,
    });
    period.name = manifest.reportName;
    period.manifests.push({ ...manifest, folderVersion: place?.version ?? null });
  }
  return [...periods.values()].filter(
    (period) => period.manifests.length > 0 || (period.isKnownLayout && period.files.some(isBill)),
  );
}

function planPeriod(period: ReportPeriod, all: readonly ListedFile[]): Delivery {
  const label = `AWS report ${period.name} of ${period.period}`;
  const manifest = chooseManifest(period);
  if (manifest === undefined && period.manifests.length > 0)
    return refuse(
      period,
      label,
      period.manifests.map((one) => one.version ?? one.path),
    );
  if (manifest === undefined) return planWithoutManifest(period, label);
  const found = manifest.keys
    .filter((key) => billFile.test(key))
    .map((key) => ({ key, path: findFile(key, manifest.path, all) }));
  const paths = new Set(found.flatMap(({ path }) => (path === undefined ? [] : [path])));
  const superseded = `It is not of the version that ${manifest.path} names.`;
  return {
    label: manifest.version === null ? label : `${label}, version ${manifest.version}`,
    files: [...paths].map((path) => ({ path })),
    ignored: [
      ...period.files.filter((file) => !paths.has(file.path)).map((file) => ignoreFile(file, superseded)),
      ...outside(period),
    ],
    missing: found.flatMap(({ key, path }) => (path === undefined ? [key] : [])),
  };
}

/** A period's folder has the manifest of the current version; every version's own folder has a copy of its own. */
function chooseManifest(period: ReportPeriod): CurManifest | undefined {
  const current = period.manifests.filter((manifest) => manifest.folderVersion === null);
  if (current.length === 1) return current[0];
  const choice = current.length > 1 ? current : period.manifests;
  if (new Set(choice.map((manifest) => manifest.keys.join("\n"))).size === 1) return choice[0];
  const newest = newestVersion(choice.map((manifest) => manifest.folderVersion));
  return newest === undefined ? undefined : choice.find((manifest) => manifest.folderVersion === newest);
}

function planWithoutManifest(period: ReportPeriod, label: string): Delivery {
  const bills = period.files.filter(isBill);
  const versions = [...new Set(bills.map((file) => file.version))];
  const newest = versions.length === 1 ? versions[0] : newestVersion(versions);
  if (newest === undefined)
    return refuse(
      period,
      label,
      versions.map((version) => version ?? "the files beside them"),
    );
  const files = bills.filter((file) => file.version === newest);
  return {
    label: newest === null ? label : `${label}, version ${newest}`,
    files: files.map(({ path }) => ({ path })),
    ignored: period.files
      .filter((file) => !files.includes(file))
      .map((file) => ignoreFile(file, `${newest} is newer.`)),
    missing: [],
  };
}

/** Several versions hold the same costs: without knowing the newest, taking one is a guess and taking all counts twice. */
function refuse(period: ReportPeriod, label: string, versions: readonly string[]): Delivery {
  return {
    label,
    files: [],
    ignored: period.files.map((file) => ignoreFile(file, "Which version is current is not known.")),
    missing: [
      `${period.name}-Manifest.json of ${period.period}, which says which of these is current: ${versions.join(", ")}`,
    ],
  };
}

/** The newest of several version folders if all begin with the time that they were made at: `2026-08-21T00:54:00.000Z-5f…`. */
function newestVersion(versions: readonly (string | null)[]): string | undefined {
  const times = versions.map((version) =>
    /^(\d{4})-?(\d{2})-?(\d{2})T(\d{2}):?(\d{2}):?(\d{2})/
      .exec(version ?? "")
      ?.slice(1)
      .join(""),
  );
  if (times.includes(undefined) || new Set(times).size !== times.length) return undefined;
  const newest = times.toSorted((a = "", b = "") => a.localeCompare(b)).at(-1);
  return versions[times.indexOf(newest)] ?? undefined;
}

/**
 * The file that a key of the bucket names. A folder may hold the bucket from any depth on, so the file whose path ends most
 * like the key is it, if its whole path does, if its folder's name does too, or if it stands beside the manifest.
 */
function findFile(key: string, manifestPath: string, files: readonly ListedFile[]): string | undefined {
  const keyParts = key.split("/");
  const candidates = files.flatMap(({ path }) => {
    const parts = path.split("/");
    const alike = equalTail(keyParts, parts);
    const isBeside = folderOf(path) === folderOf(manifestPath);
    return alike >= 2 || (alike === 1 && (parts.length === 1 || isBeside)) ? [{ path, alike }] : [];
  });
  const most = Math.max(0, ...candidates.map((candidate) => candidate.alike));
  const best = candidates.filter((candidate) => candidate.alike === most);
  return best.length === 1 ? best[0]!.path : undefined;
}

function equalTail(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a.at(-1 - length) === b.at(-1 - length)) length++;
  return length;
}

/**
 * AWS's three layouts:
 * - `<report>/20260801-20260901/[<assembly>/]<file>` of the Cost and Usage Report,
 * - `<report>/<report>/year=2026/month=8/<file>` of the same for Athena, with its manifest in the folder above,
 * - `<export>/{data,metadata}/BILLING_PERIOD=2026-08/[<time>-<execution>/]<file>` of Data Exports.
 */
function findPlace(path: string): Place | null {
  const folders = path.split("/").slice(0, -1);
  const place = (at: number, length: number, period: string, above: readonly string[]): Place => ({
    root: above.join("/"),
    period,
    version: folders[at + length] ?? null,
  });
  for (const [at, folder] of folders.entries()) {
    const above = folders.slice(0, at);
    const exported = /^BILLING_PERIOD=(\d{4}-\d{2})$/.exec(folder);
    if (exported !== null)
      return place(at, 1, exported[1]!, /^(meta)?data$/.test(above.at(-1) ?? "") ? above.slice(0, -1) : above);
    const month = legacyPeriod(folder);
    if (month !== null) return place(at, 1, month, above);
    const year = /^year=(\d{4})$/.exec(folder)?.[1];
    const partition = /^month=(\d{1,2})$/.exec(folders[at + 1] ?? "")?.[1];
    if (year !== undefined && partition !== undefined)
      return place(
        at,
        2,
        `${year}-${partition.padStart(2, "0")}`,
        above.at(-1) === above.at(-2) ? above.slice(0, -1) : above,
      );
  }
  return null;
}

/** `20260801-20260901`, from the first of a month to the first of the next; Azure's folders end on the month's last day. */
function legacyPeriod(folder: string): string | null {
  const [, year, month, endYear, endMonth] = /^(\d{4})(\d{2})01-(\d{4})(\d{2})01$/.exec(folder) ?? [];
  if (year === undefined) return null;
  const months = Number(endYear) * 12 + Number(endMonth) - (Number(year) * 12 + Number(month));
  return months === 1 ? `${year}-${month}` : null;
}

const billFile = /\.(csv|csv\.gz|csv\.zip|parquet)$/i;

function isBill(file: { path: string }): boolean {
  return billFile.test(file.path);
}

function isStatusTable(path: string): boolean {
  return path.includes("cost_and_usage_data_status");
}

function ignoreFile(file: PlacedFile, becauseOfVersion: string): { path: string; because: string } {
  if (!isBill(file))
    return { path: file.path, because: "It has no costs: it describes the report or sets up a database for it." };
  return { path: file.path, because: becauseOfVersion };
}

/** Manifests that stand outside of a known layout. */
function outside(period: ReportPeriod): { path: string; because: string }[] {
  return period.manifests
    .filter((manifest) => findPlace(manifest.path) === null)
    .map((manifest) => ({ path: manifest.path, because: "It has no costs: it names the files of the report." }));
}

function folderOf(path: string): string {
  return path.split("/").slice(0, -1).join("/");
}
