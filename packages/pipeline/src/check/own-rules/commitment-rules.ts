import { all, any, differs, empty, equals, filled, not } from "../check.ts";
import type { Rule } from "../rule.ts";
import { isNoCorrection, isPurchase, isUsage, isUsageOrPurchase } from "./emptiness-rules.ts";
import { rowRule } from "./row-rule.ts";

const isCovered = filled("CommitmentDiscountId");
const isUnused = equals("CommitmentDiscountStatus", "Unused");

/** Rules of commitments and of what they cover. */
export const commitmentRules: readonly Rule[] = [
  rowRule(
    "CommitmentDiscountStatus-C-003-C",
    "MUST",
    "CommitmentDiscountStatus is empty where CommitmentDiscountId is.",
    empty("CommitmentDiscountStatus"),
    not(isCovered),
  ),
  rowRule(
    "CommitmentDiscountStatus-C-004-C",
    "MUST NOT",
    "Usage under a commitment says whether it was used.",
    filled("CommitmentDiscountStatus"),
    all(isUsage, isCovered),
  ),
  rowRule(
    "CommitmentDiscountQuantity-C-005-C",
    "MUST NOT",
    "CommitmentDiscountQuantity is filled on usage and purchases of a commitment, corrections aside.",
    filled("CommitmentDiscountQuantity"),
    all(isUsageOrPurchase, isCovered, isNoCorrection),
  ),
  rowRule(
    "CommitmentDiscountQuantity-C-007-C",
    "MUST",
    "CommitmentDiscountQuantity is empty on all other rows.",
    empty("CommitmentDiscountQuantity"),
    any(not(isUsageOrPurchase), not(isCovered)),
  ),
  rowRule(
    "ConsumedQuantity-C-004-C",
    "MUST",
    "ConsumedQuantity stands on usage only, and not on the unused part of a commitment.",
    empty("ConsumedQuantity"),
    any(not(isUsage), isUnused),
  ),
  rowRule(
    "ConsumedQuantity-C-006-C",
    "MUST NOT",
    "ConsumedQuantity is filled on usage, corrections and unused commitment aside.",
    filled("ConsumedQuantity"),
    all(isUsage, not(isUnused), isNoCorrection),
  ),
  rowRule(
    "EffectiveCost-C-005-C",
    "MUST",
    "EffectiveCost is 0 on the purchase of a commitment, whose cost is spread over what it covers.",
    { op: "equals-number", column: "EffectiveCost", value: 0 },
    all(isPurchase, isCovered),
  ),
  rowRule(
    "PricingCategory-C-009-C",
    "MUST",
    "Usage that a commitment covered is priced as Committed.",
    equals("PricingCategory", "Committed"),
    all(isUsage, equals("CommitmentDiscountStatus", "Used"), isNoCorrection),
  ),
  rowRule(
    "PricingCategory-X-Purchase",
    "MUST NOT",
    "The purchase of a commitment is not itself priced as Committed.",
    differs("PricingCategory", "Committed"),
    all(isPurchase, isCovered),
  ),
];
