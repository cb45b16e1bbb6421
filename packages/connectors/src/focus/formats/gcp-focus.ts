import { serviceCategories } from "@finops/focus/service-categories";
import { literal } from "../../sql.ts";
import type { FocusExport } from "../focus-format.ts";
import { flatTags } from "../../flat-tags.ts";

const ofProject = (field: string, column: string) =>
  `CASE WHEN is_account_twice THEN json_extract_string(project, '$.${field}') ELSE ${column} END`;

// Labels of the resource stand as they are; the others say whose they are, so that none hides another.
const tagKey = (tag: string) =>
  `CASE ${tag}.x_type WHEN 'system_label' THEN 'system/' || ${tag}.key WHEN 'project_label' THEN 'project/' || ${tag}.key WHEN 'tag' THEN 'tag/' || coalesce(nullif(${tag}.x_namespace, 'n/a') || '/', '') || ${tag}.key ELSE ${tag}.key END`;

// An invoice month is one of Pacific time. The view ends it on its last day, FOCUS on the first day after it.
const pacificMonthEnd =
  "((((BillingPeriodStart AT TIME ZONE 'UTC') AT TIME ZONE 'America/Los_Angeles') + INTERVAL 1 MONTH) AT TIME ZONE 'America/Los_Angeles') AT TIME ZONE 'UTC'";

/** Google's FOCUS view over the detailed export, and its native FOCUS export to BigQuery (preview). */
export const gcpFocus: FocusExport = {
  id: "gcp-focus",
  label: "Google Cloud FOCUS export",
  connector: "gcp",
  providers: ["google cloud", "google", "google cloud platform"],
  marks: ["x_Credits", "x_CostType", "x_CurrencyConversionRate", "x_ExportTime", "x_Project", "x_ServiceId"],
  inputs: { project: { names: ["x_Project"], kind: "json" } },
  steps: {
    is_focus_category: `coalesce(ServiceCategory IN (${serviceCategories.map(literal).join(", ")}), true)`,
    // The view puts the billing account where the project belongs.
    is_account_twice: "SubAccountId = BillingAccountId AND project IS NOT NULL",
  },
  tags: flatTags("Tags", ["x_type", "x_namespace"], tagKey),
  columns: {
    BillingPeriodEnd: `CASE WHEN day(BillingPeriodEnd) = 1 THEN BillingPeriodEnd ELSE ${pacificMonthEnd} END`,
    SubAccountId: ofProject("id", "SubAccountId"),
    SubAccountName: ofProject("name", "SubAccountName"),
    SubAccountType: "CASE WHEN is_account_twice THEN 'Project' ELSE SubAccountType END",
    // The view gives a product taxonomy, which is no FOCUS category and has no table to one.
    ServiceCategory: "CASE WHEN is_focus_category THEN ServiceCategory ELSE 'Other' END",
    ServiceSubcategory: "CASE WHEN is_focus_category THEN ServiceSubcategory ELSE 'Other (Other)' END",
  },
  extras: { x_ServiceCategory: "CASE WHEN NOT is_focus_category THEN ServiceCategory END" },
  repairs: [
    {
      rule: "billing-period-end",
      when: "day(BillingPeriodEnd) <> 1",
      about: "The view ends the billing period on its last day; FOCUS ends it on the first day after. No cost moves.",
    },
    {
      rule: "project-is-sub-account",
      when: "is_account_twice",
      about: "The view gives the billing account as sub account; the project takes its place. No cost moves.",
    },
  ],
  notes: [
    "Credits stand in x_Credits and are not added to a cost: versions of Google's view differ in whether BilledCost includes them. Compare with the invoice.",
  ],
};
