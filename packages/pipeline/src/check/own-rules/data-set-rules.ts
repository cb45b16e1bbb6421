import { findFocusColumn } from "@finops/focus/columns";
import type { Keyword, Rule } from "../rule.ts";

/** Rules of the header and of all rows together. */
export const dataSetRules: readonly Rule[] = [
  {
    ruleId: "ColumnHandling-A-010-M",
    column: null,
    keyword: "MUST",
    sentence: "Columns that FOCUS does not define have names that start with x_.",
    flags: [],
    test: { kind: "header", accepts: (name) => findFocusColumn(name) !== null || name.startsWith("x_") },
  },
  oneValuePerKey("SkuPriceId-C-008-M", "MUST", "SkuPriceId", "SkuId"),
  oneValuePerKey("ServiceName-C-005-C", "MUST", "ServiceName", "ServiceCategory"),
  oneValuePerKey("ServiceName-C-008-C", "SHOULD", "ServiceName", "ServiceSubcategory"),
];

function oneValuePerKey(ruleId: string, keyword: Keyword, key: string, of: string): Rule {
  return {
    ruleId,
    column: key,
    keyword,
    sentence: `Each ${key} goes with one ${of}.`,
    flags: [],
    test: { kind: "values-per-key", key, of, count: 1 },
  };
}
