import type { FocusColumn } from "./column.ts";

/** The columns that FOCUS 1.3 and 1.4 add to Cost and Usage. The store keeps them, null for older bills whatever `nullable` says. */
export const columns13And14 = [
  {
    id: "ServiceProviderName", type: "string", nullable: false, level: "mandatory", since: "1.3", kind: "dimension",
    about: "Who offers the service to the customer.",
  },
  {
    id: "HostProviderName", type: "string", nullable: true, level: "mandatory", since: "1.3", kind: "dimension",
    about: "Whose infrastructure the service runs on.",
  },
  {
    id: "ContractApplied", type: "json", nullable: true, level: "conditional", since: "1.3", kind: "dimension", format: "json-object",
    about: "The contract commitments that the charge counts towards, as a JSON object.",
  },
  {
    id: "AllocatedMethodId", type: "string", nullable: true, level: "conditional", since: "1.3", kind: "dimension",
    about: "The method by which the data generator split a shared cost.",
  },
  {
    id: "AllocatedMethodDetails", type: "json", nullable: true, level: "recommended", since: "1.3", kind: "dimension", format: "json-object",
    about: "The figures behind the split, as a JSON object.",
  },
  {
    id: "AllocatedResourceId", type: "string", nullable: true, level: "conditional", since: "1.3", kind: "dimension",
    about: "The consumer (a pod, say) that the split gave the cost to.",
  },
  {
    id: "AllocatedResourceName", type: "string", nullable: true, level: "conditional", since: "1.3", kind: "dimension",
    about: "The display name of that consumer.",
  },
  {
    id: "AllocatedTags", type: "json", nullable: true, level: "conditional", since: "1.3", kind: "dimension", format: "key-value",
    about: "Tags of that consumer as a JSON object.",
  },
  {
    id: "InvoiceDetailId", type: "string", nullable: true, level: "conditional", since: "1.4", kind: "dimension",
    about: "The line of the invoice that the charge is part of.",
  },
  {
    id: "CommitmentProgramEligibilityDetails", type: "json", nullable: true, level: "conditional", since: "1.4", kind: "dimension", format: "json-object",
    about: "The commitment programs that the usage could be covered by, as a JSON object.",
  },
] as const satisfies readonly FocusColumn[];
