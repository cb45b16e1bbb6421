import {
  contractCommitmentColumns,
  isContractCommitmentHeader,
  type ContractCommitmentColumnId,
} from "@finops/focus/contract-commitment";
import type { BillFormat, BillMapping, InputColumn } from "../../format.ts";
import { canonicalNames } from "../focus-header.ts";

const required: readonly ContractCommitmentColumnId[] = [
  "ContractCommitmentId",
  "ContractCommitmentPeriodStart",
  "ContractCommitmentPeriodEnd",
];
const kinds = { string: "text", decimal: "decimal", datetime: "time", json: "json" } as const;

/** Contract Commitment files of FOCUS 1.3 and 1.4: what was promised to a provider, never rows of cost. */
export const contractCommitmentFormat: BillFormat = {
  id: "focus-contract-commitment",
  label: "FOCUS contract commitments",
  connector: "focus",
  dataset: "contract-commitments",
  detect(header) {
    if (!isContractCommitmentHeader(canonicalNames(header))) return null;
    return {
      confidence: 0.95,
      because: "A FOCUS Contract Commitment file: it has ContractCommitmentId and no BilledCost.",
    };
  },
  mapping: () => contractCommitmentMapping,
};

const contractCommitmentMapping: BillMapping = {
  inputs: Object.fromEntries(
    contractCommitmentColumns.map(({ id, type }): [string, InputColumn] => [
      id,
      {
        names: [id],
        kind: kinds[type],
        required: required.includes(id),
        ...(id === "BillingCurrency" ? { assume: id } : {}),
      },
    ]),
  ),
  rawCost: "ContractCommitmentCost",
  columns: Object.fromEntries(contractCommitmentColumns.map(({ id }) => [id, id])),
};
