import type { BillFormat, BillHeader, Detection } from "../../../format.ts";
import { findSource } from "../../../raw-source.ts";
import { gcpBillingExportMapping } from "./mapping.ts";

/** The table `gcp_billing_export_v1_…` (standard) or `gcp_billing_export_resource_v1_…` (detailed) of BigQuery, in any container. */
export const gcpBillingExport: BillFormat = {
  id: "gcp-billing-export",
  label: "Google Cloud billing export",
  connector: "gcp",
  dataset: "costs",
  detect,
  mapping: () => gcpBillingExportMapping,
  filesOverlap: true,
};

function detect(header: BillHeader): Detection | null {
  const has = (name: string) =>
    findSource(name.includes(".") ? [name, name.replaceAll(".", "_")] : [name], header.columns) !== undefined;
  if (!["service.description", "sku.id", "usage_start_time", "cost", "invoice.month"].every(has)) return null;
  const detailed = has("resource.global_name") || has("resource.name");
  const sure = has("billing_account_id") && (has("credits") || has("usage.amount"));
  return {
    confidence: sure ? 0.97 : 0.9,
    because: `The columns of Google Cloud's ${detailed ? "detailed" : "standard"} billing export: service, SKU, usage times and the invoice's month.`,
  };
}
