import type { BillFormat } from "../format.ts";
import { detectCostDetails } from "./formats/cost-details/detect.ts";
import { costDetailsMapping } from "./formats/cost-details/mapping.ts";

export const azureFormats: BillFormat[] = [
  {
    id: "azure-cost-details",
    label: "Azure cost details",
    connector: "azure",
    dataset: "costs",
    detect: detectCostDetails,
    mapping: costDetailsMapping,
  },
];
