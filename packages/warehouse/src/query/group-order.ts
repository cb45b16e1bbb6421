import { AppError } from "@finops/kernel/app-error";
import { decimal } from "@finops/kernel/decimal";
import { getDimension } from "../model/dimensions.ts";
import { type Measure, type MeasureId, measures } from "../model/measures.ts";
import type { CostQuery, CostRow } from "./cost-query.ts";

/** What groups are ordered by after their time and `(other)`; ties go by the groups' keys. */
export interface GroupOrder {
  by: { measure: MeasureId } | { key: string } | "time";
  direction: "asc" | "desc";
}

/** Time forwards and the first measure biggest first, unless the query says otherwise. Throws `invalid` for what it does not return. */
export function orderOf({ orderBy, measures: asked, groupBy, grain }: CostQuery): GroupOrder {
  if (orderBy === undefined) return { by: { measure: asked[0]! }, direction: "desc" };
  const { by, direction } = orderBy;
  if (by === "time" && grain !== undefined) return { by: "time", direction };
  const measure = asked.find((id) => id === by);
  if (measure !== undefined) return { by: { measure }, direction };
  const key = groupBy
    .map((name) => getDimension(name).name)
    .find((name) => name === by || name === getDimension(by).name);
  if (key !== undefined) return { by: { key }, direction };
  throw new AppError(
    "invalid",
    `orderBy: ${by.slice(0, 60)} is neither a measure nor a group of this query${by === "time" ? ", which has no grain" : ""}.`,
  );
}

/** True for a measure that is a sum, so that the store can order by it. */
export function isAdditive(id: MeasureId): boolean {
  return (measures[id] as Measure).additive;
}

/** The same order as the store's, for groups that are complete only in code. */
export function sortGroups(rows: readonly CostRow[], order: GroupOrder): CostRow[] {
  const sign = order.direction === "asc" ? 1 : -1;
  return rows.toSorted(
    (a, b) =>
      compareText(a.time, b.time) * (order.by === "time" ? sign : 1) ||
      Number(a.isOther) - Number(b.isOther) ||
      compareChosen(a, b, order, sign) ||
      Object.keys(a.key).reduce((result, name) => result || compareText(a.key[name]!, b.key[name]!), 0) ||
      compareText(a.currency, b.currency),
  );
}

function compareChosen(a: CostRow, b: CostRow, { by }: GroupOrder, sign: 1 | -1): number {
  if (by === "time") return 0;
  if ("key" in by) return compareText(a.key[by.key]!, b.key[by.key]!, sign);
  const [x, y] = [a.values[by.measure]!.value, b.values[by.measure]!.value];
  return x === null || y === null ? Number(x === null) - Number(y === null) : sign * decimal(x).comparedTo(decimal(y));
}

/** By code units, missing values last whatever the direction. */
function compareText(a: string | null, b: string | null, sign: 1 | -1 = 1): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a === b ? 0 : a < b ? -sign : sign;
}
