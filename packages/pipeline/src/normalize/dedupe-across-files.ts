import { fileOf, type RawFiles, rawName } from "./raw-relation.ts";

/**
 * Overlapping exports hold a row again that an earlier file had. A row stays as often as in the file that has it most:
 * the n-th twin within a file is the same row as the n-th twin of any other file, and the first file to have it keeps it.
 */
export function dedupeAcrossFiles(group: RawFiles): string {
  const all = group.columns.map(rawName).join(", ");
  return `(SELECT * EXCLUDE (_twin, _hash) FROM (SELECT *, row_number() OVER (PARTITION BY ${fileOf}, _hash) AS _twin FROM (SELECT *, md5(CAST(ROW(${all}) AS VARCHAR)) AS _hash FROM ${group.sql}))
    QUALIFY row_number() OVER (PARTITION BY _hash, _twin ORDER BY ${fileOf}, _file) = 1)`;
}
