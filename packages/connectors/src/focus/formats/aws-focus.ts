import type { FocusExport } from "../focus-format.ts";

/** "FOCUS 1.0 with AWS columns" and "FOCUS 1.2 with AWS columns" of AWS Data Exports. */
export const awsFocus: FocusExport = {
  id: "aws-focus",
  label: "AWS FOCUS export",
  connector: "aws",
  providers: ["aws", "amazon web services", "amazon web services, inc."],
  marks: ["x_ServiceCode", "x_Operation", "x_UsageType", "x_CostCategories", "x_Discounts"],
  // The 1.2 export dropped x_UsageType in favour of SkuMeter.
  renamed: { SkuMeter: ["x_UsageType"] },
};
