import type { BillFile } from "@finops/pipeline/landing/list-bill-files";

/**
 * The demo's bills as fewer deliveries: the months of one export side by side in one folder, without their manifests, import
 * as one, and a first start has sixty imports less to plan. Azure's pairs stay apart, month by month.
 */
export function demoFiles(files: readonly BillFile[]): BillFile[] {
  const flat = /^((?:aws-cur2|aws-cur-legacy|gcp)[^/]*)\/(\d{4}-\d{2})\/(.+)$/;
  return files.flatMap((file) => {
    if (file.name === "truth.json") return [];
    const parts = flat.exec(file.name);
    if (parts === null) return [file];
    return /manifest\.json$/i.test(file.name) ? [] : [{ ...file, name: `${parts[1]}/${parts[2]}-${parts[3]}` }];
  });
}
