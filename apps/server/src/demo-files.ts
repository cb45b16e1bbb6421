import type { BillFile } from "@finops/pipeline/landing/list-bill-files";

/**
 * The demo's bills as fewer deliveries: the months of one export side by side in one folder, without their manifests, import
 * as one, and a first start has seventy imports less to plan. Azure's two exports become numbered parts, as Azure itself
 * splits a large one, so that all months of the pair stand beside each other. Restated months stay apart: they come later.
 */
export function demoFiles(files: readonly BillFile[]): BillFile[] {
  return files.flatMap((file) => {
    if (file.name === "truth.json") return [];
    const [, folder, year, month, name] =
      /^((?:aws-cur2|aws-cur-legacy|gcp|azure)[^/]*)\/(\d{4})-(\d{2})\/(.+)$/.exec(file.name) ?? [];
    if (folder === undefined) return [file];
    if (/manifest\.json$/i.test(name!)) return [];
    if (!folder.startsWith("azure")) return [{ ...file, name: `${folder}/${year}-${month}-${name}` }];
    return [{ ...file, name: `${folder}/${name!.replace(/(?=\.[^.]+$)/, `_part_${year}_${month}`)}` }];
  });
}
