import { formatName } from "@finops/pipeline/format-names";
import type { ImportReport } from "@finops/pipeline/import-report";
import type { NamedReport } from "./contract.ts";

export function named(report: ImportReport): NamedReport {
  return { ...report, formatName: formatName(report.format) };
}
