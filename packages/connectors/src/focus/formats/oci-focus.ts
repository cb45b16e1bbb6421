import type { FocusExport } from "../focus-format.ts";

/** Oracle's FOCUS cost reports. They still carry the names of the preview before 1.0: Provider, Region, UsageQuantity. */
export const ociFocus: FocusExport = {
  id: "oci-focus",
  label: "Oracle FOCUS report",
  connector: "oci",
  providers: ["oracle", "oracle cloud", "oracle cloud infrastructure"],
  marks: [
    "oci_ReferenceNumber",
    "oci_CompartmentId",
    "oci_CompartmentName",
    "oci_OverageFlag",
    "oci_AttributedCost",
    "oci_BackReferenceNumber",
  ],
  renamed: { ProviderName: ["Provider"], PublisherName: ["Publisher"], InvoiceIssuerName: ["InvoiceIssuer"] },
  families: { tag_columns: { prefix: "tags/" } },
  columns: {
    Tags: "CASE WHEN tag_columns IS NULL THEN flat_tags ELSE CAST(json_merge_patch(tag_columns, coalesce(flat_tags, '{}')) AS VARCHAR) END",
  },
};
