import type { Delivery, ListedFile, PlanDeliveries } from "../delivery.ts";

/**
 * Oracle writes a cost report every six hours into `reports/cost-csv/`, of up to a million rows a file, named by a rising
 * number: `0001000000603504-00001.csv.gz`. No report replaces another, so all of a folder are parts of its months. The older
 * usage reports beside them (`reports/usage-csv/`) have no costs.
 */
export const planOciDeliveries: PlanDeliveries = async (files) => {
  const reports = files.filter((file) => costReport.test(file.path));
  const folders = [...new Set(reports.map((file) => folderOf(file.path)))].toSorted();
  return folders.map((folder) => delivery(folder, reports, files));
};

const costReport = /(?:^|\/)cost-csv\/\d+(?:-\d+)?\.csv(?:\.gz)?$/i;
const usageReport = /(?:^|\/)usage-csv\/\d+(?:-\d+)?\.csv(?:\.gz)?$/i;

function delivery(folder: string, reports: readonly ListedFile[], files: readonly ListedFile[]): Delivery {
  const parts = reports
    .map(({ path }) => path)
    .filter((path) => folderOf(path) === folder)
    .toSorted();
  const sibling = folder.replace(/cost-csv$/i, "usage-csv").toLowerCase();
  const usage = files
    .map(({ path }) => path)
    .filter((path) => usageReport.test(path) && folderOf(path).toLowerCase() === sibling);
  return {
    label: `Oracle cost reports in ${folder} (${parts.length} ${parts.length === 1 ? "file" : "files"})`,
    files: parts.map((path) => ({ path })),
    ignored: usage.map((path) => ({
      path,
      because: "A usage report has quantities and no costs; the cost reports hold the same usage.",
    })),
    missing: missingSplits(parts),
  };
}

/** The files of one report are numbered from 1 without a gap; how many there should be after the last is not told. */
function missingSplits(paths: readonly string[]): string[] {
  const present = new Set(paths);
  return paths.flatMap((path) => {
    const [, before, number, after] = /^(.*-)(\d+)(\.csv(?:\.gz)?)$/i.exec(path) ?? [];
    if (before === undefined || number === undefined || Number(number) < 2) return [];
    const previous = `${before}${String(Number(number) - 1).padStart(number.length, "0")}${after}`;
    return present.has(previous) ? [] : [previous];
  });
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}
