import type { BillFormat } from "../format.ts";
import { gcpBillingExport } from "./formats/gcp-billing-export/format.ts";

export const gcpFormats: BillFormat[] = [gcpBillingExport];
