import type { CostQueryInput, CostRow } from "@finops/warehouse/query/cost-query";

/** The groups of one quantity: one row for each unit that a group has. */
export interface QuantityAnswer {
  asked: CostQueryInput;
  rows: readonly CostRow[];
}

/**
 * Puts quantities beside the other figures of their group, with their unit. Where a group has several units, none of its
 * quantities stands for it, and the figure says which there are.
 */
export function joinQuantities(rows: readonly CostRow[], answers: readonly QuantityAnswer[]): readonly CostRow[] {
  const found = answers.map(({ asked, rows: all }) => ({ asked, groups: byGroup(all, asked) }));
  return found.reduce<readonly CostRow[]>(
    (joined, { asked, groups }) => joined.map((row) => withQuantity(row, asked, groups.get(groupOf(row, asked)) ?? [])),
    rows,
  );
}

export function isQuantity(measure: string): boolean {
  return measure in unitColumns;
}

function withQuantity(row: CostRow, asked: CostQueryInput, found: readonly CostRow[]): CostRow {
  const measure = asked.measures[0]!;
  const unit = unitColumns[measure]!;
  const known = found.filter((one) => one.values[measure]?.value != null);
  const [only, ...others] = known;
  if (only === undefined || others.length > 0) {
    const missing =
      only === undefined ? "No row states it." : severalUnits(known.map((one) => one.key[unit] ?? "no unit"));
    return { ...row, values: { ...row.values, [measure]: { value: null, missing } } };
  }
  const before = only.comparison?.[measure];
  return {
    ...row,
    key: { ...row.key, [unit]: only.key[unit] ?? null },
    values: { ...row.values, [measure]: only.values[measure]! },
    ...(before === undefined ? {} : { comparison: { ...row.comparison, [measure]: before } }),
  };
}

function byGroup(rows: readonly CostRow[], asked: CostQueryInput): Map<string, CostRow[]> {
  const groups = new Map<string, CostRow[]>();
  for (const row of rows) {
    const id = groupOf(row, asked);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [row]);
    else group.push(row);
  }
  return groups;
}

function groupOf(row: CostRow, { groupBy = [] }: CostQueryInput): string {
  return JSON.stringify([row.currency, row.isOther, ...groupBy.map((name) => row.key[name] ?? null)]);
}

function severalUnits(units: readonly string[]): string {
  const named = units.length > 4 ? `${units.slice(0, 3).join(", ")} and ${units.length - 3} more` : units.join(", ");
  return `Quantities of several units cannot be added: ${named}. Group or filter by the unit.`;
}

const unitColumns: Readonly<Record<string, string>> = {
  consumedQuantity: "consumedUnit",
  pricingQuantity: "pricingUnit",
};
