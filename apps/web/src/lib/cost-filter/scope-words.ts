import type { CostCatalog } from "@finops/capabilities/costs/contract";
import type { Scope } from "@finops/capabilities/people/contract";
import { partWords, toPart } from "./filter-tree.ts";
import { dimensionLabel, valueLabel } from "../cost-words.ts";

/** The costs that somebody is limited to, in words. */
export function scopeWords(scope: Scope, catalog: Pick<CostCatalog, "dimensions"> = { dimensions: [] }): string {
  if (scope === null) return "All costs";
  if (isNothing(scope)) return "No costs";
  const { name, text } = partWords(toPart(scope), {
    dimension: (dimension) => dimensionLabel(dimension, catalog),
    value: valueLabel,
  });
  return `${name} ${text}`;
}

/** What a unit without accounts is limited to. */
function isNothing(scope: NonNullable<Scope>): boolean {
  return "not" in scope && "and" in scope.not && scope.not.and.length === 0;
}
