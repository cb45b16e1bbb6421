import type { BillFormat } from "../format.ts";
import { ociCostReport } from "./formats/oci-cost-report/format.ts";

export const ociFormats: BillFormat[] = [ociCostReport];
