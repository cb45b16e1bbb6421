import type { BillFormat, BillHeader, Detection } from "../../../format.ts";
import { ociCostReportMapping } from "./mapping.ts";

export const ociCostReport: BillFormat = {
  id: "oci-cost-report",
  label: "Oracle Cloud cost report",
  connector: "oci",
  dataset: "costs",
  detect,
  mapping: () => ociCostReportMapping,
};

const own = ["lineitem/tenantid", "lineitem/intervalusagestart", "product/service", "cost/mycost"];

function detect(header: BillHeader): Detection | null {
  const names = new Set(header.columns.map((column) => column.name.trim().toLowerCase()));
  if (!own.every((name) => names.has(name))) return null;
  return {
    confidence: 0.98,
    because: "The columns of Oracle's cost report: lineItem/intervalUsageStart, product/service and cost/myCost.",
  };
}
