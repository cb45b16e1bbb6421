import type { ColumnFacts } from "./column.ts";

/** The Contract Commitment data set of FOCUS: 13 columns in 1.3, 30 in 1.4. A data set of its own, never rows of Cost and Usage. */
export const contractCommitmentColumns = [
  {
    id: "ContractCommitmentId", type: "string", nullable: false, level: "mandatory", since: "1.3", kind: "dimension",
    about: "The commitment: one term of a contract.",
  },
  {
    id: "ContractCommitmentType", type: "string", nullable: false, level: "mandatory", since: "1.3", kind: "dimension",
    about: "The provider's word for this kind of commitment.",
  },
  {
    id: "ContractCommitmentCategory", type: "string", nullable: false, level: "mandatory", since: "1.3", kind: "dimension", allowedValues: ["Spend", "Usage"],
    about: "Whether it commits to money or to usage.",
  },
  {
    id: "ContractCommitmentCost", type: "decimal", nullable: true, level: "mandatory", since: "1.3", kind: "metric",
    about: "The amount of money committed to.",
  },
  {
    id: "ContractCommitmentQuantity", type: "decimal", nullable: true, level: "mandatory", since: "1.3", kind: "metric",
    about: "The amount of usage committed to.",
  },
  {
    id: "ContractCommitmentUnit", type: "string", nullable: true, level: "mandatory", since: "1.3", kind: "dimension", format: "unit",
    about: "The unit of ContractCommitmentQuantity.",
  },
  {
    id: "ContractCommitmentDescription", type: "string", nullable: true, level: "mandatory", since: "1.3", kind: "dimension",
    about: "A readable line about the commitment.",
  },
  {
    id: "ContractCommitmentPeriodStart", type: "datetime", nullable: false, level: "mandatory", since: "1.3", kind: "dimension",
    about: "The first instant of the commitment.",
  },
  {
    id: "ContractCommitmentPeriodEnd", type: "datetime", nullable: false, level: "mandatory", since: "1.3", kind: "dimension",
    about: "The first instant after the commitment.",
  },
  {
    id: "ContractId", type: "string", nullable: false, level: "mandatory", since: "1.3", kind: "dimension",
    about: "The contract that the commitment is part of.",
  },
  {
    id: "ContractPeriodStart", type: "datetime", nullable: false, level: "mandatory", since: "1.3", kind: "dimension",
    about: "The first instant of the contract.",
  },
  {
    id: "ContractPeriodEnd", type: "datetime", nullable: false, level: "mandatory", since: "1.3", kind: "dimension",
    about: "The first instant after the contract.",
  },
  {
    id: "BillingCurrency", type: "string", nullable: true, level: "mandatory", since: "1.3", kind: "dimension", format: "currency",
    about: "The ISO 4217 currency of ContractCommitmentCost.",
  },
  {
    id: "ContractCommitmentApplicability", type: "json", nullable: false, level: "mandatory", since: "1.4", kind: "dimension", format: "json-object",
    about: "What the commitment applies to, as a JSON object.",
  },
  {
    id: "ContractCommitmentBenefitCategory", type: "string", nullable: false, level: "mandatory", since: "1.4", kind: "dimension", allowedValues: ["Discount", "Entitlement", "Availability", "Other"],
    about: "What the customer gets for it.",
  },
  {
    id: "ContractCommitmentCreated", type: "datetime", nullable: false, level: "mandatory", since: "1.4", kind: "dimension",
    about: "When the row was made.",
  },
  {
    id: "ContractCommitmentDiscountPercentage", type: "decimal", nullable: true, level: "mandatory", since: "1.4", kind: "metric",
    about: "The discount as a fraction between 0 and 1.",
  },
  {
    id: "ContractCommitmentDurationType", type: "string", nullable: false, level: "mandatory", since: "1.4", kind: "dimension",
    about: "How long the commitment lasts.",
  },
  {
    id: "ContractCommitmentFulfillmentInterval", type: "string", nullable: false, level: "mandatory", since: "1.4", kind: "dimension", allowedValues: ["Hourly", "Daily", "Weekly", "Monthly", "Quarterly", "Semi-Annual", "Annual", "Full Period", "Transactional", "Custom"],
    about: "How often the commitment has to be met.",
  },
  {
    id: "ContractCommitmentLastUpdated", type: "datetime", nullable: false, level: "mandatory", since: "1.4", kind: "dimension",
    about: "When the row last changed.",
  },
  {
    id: "ContractCommitmentLifecycleStatus", type: "string", nullable: false, level: "mandatory", since: "1.4", kind: "dimension", allowedValues: ["Proposed", "Pending", "Active", "Exhausted", "Expired", "Canceled", "Superseded"],
    about: "Where the commitment stands in its life.",
  },
  {
    id: "ContractCommitmentModel", type: "string", nullable: false, level: "mandatory", since: "1.4", kind: "dimension", allowedValues: ["Continuous", "Discontinuous"],
    about: "Whether it runs without gaps.",
  },
  {
    id: "ContractCommitmentOfferCategory", type: "string", nullable: false, level: "mandatory", since: "1.4", kind: "dimension", allowedValues: ["Negotiated", "Public"],
    about: "Whether the offer was negotiated or is public.",
  },
  {
    id: "ContractCommitmentPaymentInterval", type: "string", nullable: false, level: "mandatory", since: "1.4", kind: "dimension", allowedValues: ["One-Time", "Monthly", "Quarterly", "Semi-Annual", "Annual", "Custom"],
    about: "How often it is paid.",
  },
  {
    id: "ContractCommitmentPaymentModel", type: "string", nullable: false, level: "mandatory", since: "1.4", kind: "dimension", allowedValues: ["No Upfront", "Partial Upfront", "All Upfront"],
    about: "How much is paid upfront.",
  },
  {
    id: "ContractCommitmentPaymentUpfrontPercentage", type: "decimal", nullable: false, level: "conditional", since: "1.4", kind: "metric",
    about: "The part paid upfront, between 0 and 1.",
  },
  {
    id: "InvoiceIssuerName", type: "string", nullable: false, level: "mandatory", since: "1.4", kind: "dimension",
    about: "Who sends the invoice.",
  },
  {
    id: "PricingCurrency", type: "string", nullable: false, level: "conditional", since: "1.4", kind: "dimension", format: "currency",
    about: "The currency of the price list.",
  },
  {
    id: "PricingCurrencyContractCommitmentCost", type: "decimal", nullable: true, level: "conditional", since: "1.4", kind: "metric",
    about: "ContractCommitmentCost in the pricing currency.",
  },
  {
    id: "ServiceProviderName", type: "string", nullable: false, level: "mandatory", since: "1.4", kind: "dimension",
    about: "Who offers the commitment.",
  },
] as const satisfies readonly ColumnFacts[];

export type ContractCommitmentColumnId = (typeof contractCommitmentColumns)[number]["id"];

/** Whether a header is of a Contract Commitment file. Three of its columns also stand in Cost and Usage, so its own id decides. */
export function isContractCommitmentHeader(header: readonly string[]): boolean {
  return header.includes("ContractCommitmentId") && !header.includes("BilledCost");
}
