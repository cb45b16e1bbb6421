import type { BillFormat } from "../format.ts";
import { focusFormat, providerFocusFormat } from "./focus-format.ts";
import { awsFocus } from "./formats/aws-focus.ts";
import { azureFocus } from "./formats/azure-focus.ts";
import { contractCommitmentFormat } from "./formats/contract-commitment.ts";
import { gcpFocus } from "./formats/gcp-focus.ts";
import { ociFocus } from "./formats/oci-focus.ts";

export const focusFormats: readonly BillFormat[] = [
  focusFormat,
  ...[awsFocus, azureFocus, gcpFocus, ociFocus].map(providerFocusFormat),
  contractCommitmentFormat,
];
