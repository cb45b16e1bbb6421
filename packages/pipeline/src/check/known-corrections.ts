import type { ModelPatches } from "./model.ts";

/**
 * Defects of the official requirements model for FOCUS 1.2, found by comparing each rule with its own text and with the
 * specification. `set` replaces keys of the rule's criteria; a rule with `skip` is not run.
 * A model that has mended a defect is not harmed: the correction says what the mended rule says.
 */
const corrections12: ModelPatches = {
  patches: [
    {
      ruleId: "CommitmentDiscountStatus-C-003-C",
      problem: "The requirement asks for a value where the text asks for none.",
      set: { Requirement: { CheckFunction: "CheckValue", ColumnName: "CommitmentDiscountStatus", Value: null } },
    },
    {
      ruleId: "CommitmentDiscountStatus-C-004-C",
      problem: "The condition is inverted: the rule is about usage that has a commitment.",
      set: {
        Condition: {
          CheckFunction: "AND",
          Items: [
            { CheckFunction: "CheckNotValue", ColumnName: "CommitmentDiscountId", Value: null },
            { CheckFunction: "CheckValue", ColumnName: "ChargeCategory", Value: "Usage" },
          ],
        },
      },
    },
    {
      ruleId: "CommitmentDiscountStatus-C-005-M",
      problem: "The allowed values are those of another column; the specification says Used and Unused.",
      set: {
        Requirement: {
          CheckFunction: "OR",
          Items: [
            { CheckFunction: "CheckValue", ColumnName: "CommitmentDiscountStatus", Value: "Used" },
            { CheckFunction: "CheckValue", ColumnName: "CommitmentDiscountStatus", Value: "Unused" },
          ],
        },
      },
    },
    {
      ruleId: "ConsumedQuantity-C-006-C",
      problem: "The condition is inverted: corrections are exempt.",
      set: { Condition: { CheckFunction: "CheckNotValue", ColumnName: "ChargeClass", Value: "Correction" } },
    },
    {
      ruleId: "CapacityReservationStatus-C-003-C",
      problem: "The condition has no check function.",
      set: { Condition: { CheckFunction: "CheckValue", ColumnName: "CapacityReservationId", Value: null } },
    },
    {
      ruleId: "CapacityReservationStatus-C-004-C",
      problem: "The condition has no check function; read as none, the rule would hit every row.",
      set: {
        Condition: {
          CheckFunction: "AND",
          Items: [
            { CheckFunction: "CheckNotValue", ColumnName: "CapacityReservationId", Value: null },
            { CheckFunction: "CheckValue", ColumnName: "ChargeCategory", Value: "Usage" },
          ],
        },
      },
    },
    {
      ruleId: "ResourceId-C-006-C",
      problem: "The condition names its column under a wrong key.",
      set: { Condition: { CheckFunction: "CheckNotValue", ColumnName: "ResourceId", Value: null } },
    },
    {
      ruleId: "ResourceType-C-005-C",
      problem:
        "The condition names its column under a wrong key; read as none, the rule would hit rows without a resource.",
      set: { Condition: { CheckFunction: "CheckNotValue", ColumnName: "ResourceId", Value: null } },
    },
    {
      ruleId: "InvoiceId-C-004-C",
      problem:
        "Whether a charge is on an invoice is not in the file, so the demand for an empty cell cannot be unconditional.",
      skip: true,
    },
    {
      ruleId: "InvoiceId-C-005-C",
      problem:
        "Whether a charge is on an invoice is not in the file, so the demand for a value cannot be unconditional.",
      skip: true,
    },
    {
      ruleId: "EffectiveCost-C-005-C",
      problem:
        "Every purchase is hit; the text means those that cover later charges, which are the ones with a commitment.",
      set: {
        Condition: {
          CheckFunction: "AND",
          Items: [
            { CheckFunction: "CheckValue", ColumnName: "ChargeCategory", Value: "Purchase" },
            { CheckFunction: "CheckNotValue", ColumnName: "CommitmentDiscountId", Value: null },
          ],
        },
      },
    },
    {
      ruleId: "BilledCost-C-005-C",
      problem:
        "Payment to a third party is guessed from provider and issuer having different names, which brands and companies always have.",
      skip: true,
    },
    {
      ruleId: "CommitmentDiscountQuantity-C-007-C",
      problem: "Corrections are asked to be empty, which another rule leaves open.",
      set: {
        Condition: {
          CheckFunction: "OR",
          Items: [
            {
              CheckFunction: "AND",
              Items: [
                { CheckFunction: "CheckNotValue", ColumnName: "ChargeCategory", Value: "Usage" },
                { CheckFunction: "CheckNotValue", ColumnName: "ChargeCategory", Value: "Purchase" },
              ],
            },
            { CheckFunction: "CheckValue", ColumnName: "CommitmentDiscountId", Value: null },
          ],
        },
      },
    },
    {
      ruleId: "PricingCurrencyEffectiveCost-C-004-M",
      problem: "The requirement tests another column, PricingCurrencyListUnitPrice.",
      set: { Requirement: { CheckFunction: "CheckDecimalValue", ColumnName: "PricingCurrencyEffectiveCost" } },
    },
  ],
};

/** The corrections known for a version of the model; none for a version that nobody here has compared. */
export function knownCorrections(focusVersion: string): ModelPatches {
  return focusVersion === "1.2" || focusVersion.startsWith("1.2.") ? corrections12 : { patches: [] };
}
