import type { CostRow, Figure } from "@finops/capabilities/costs/contract";
import { type Decimal, decimal, parseDecimal, zero } from "@finops/kernel/decimal";
import type { Part } from "@finops/ui/charts/part";
import { otherColour } from "@finops/ui/charts/series";
import { valueLabel } from "../../lib/cost-words.ts";
import type { Condition } from "./overview-view.ts";
import type { Answered } from "./use-overview.ts";

/** What the page says, from what was answered. Pure. */

export interface Compared {
  now: Figure;
  before: Figure | undefined;
}

/** A measure's total in a currency, and what it is held against; undefined where the currency has no charges. */
export function totalOf(answered: Answered | undefined, measure: string, currency: string): Compared | undefined {
  const total = answered?.answer.totals.find((one) => one.currency === currency);
  const now = total?.values[measure];
  return now === undefined ? undefined : { now, before: total?.comparison?.[measure] };
}

export function groupLabel(row: CostRow, by: string): string {
  if (row.isOther) return "Other";
  const name = by === "subAccountId" ? row.key["subAccountName"] : null;
  const value = valueLabel(by, row.key[by] ?? null);
  return name != null && name !== "" && name !== value ? name : value;
}

/** Names a group the same in every chart, so that it has one colour. */
export function groupId(row: CostRow, by: string): string {
  return row.isOther ? "(other)" : `${by}=${row.key[by] ?? ""}`;
}

/** A group of the chart that can be opened: what it stands for. */
export interface CostPart extends Part {
  /** As it is said in a sentence. */
  name?: string;
  conditions: readonly Condition[];
}

/** The groups of an answer as parts of a whole, largest first. */
export function partsOf(
  { answer, view }: Answered,
  currency: string,
  colours: ReadonlyMap<string, string>,
): CostPart[] {
  return answer.rows
    .filter((row) => row.currency === currency)
    .map((row) => ({
      id: groupId(row, view.by),
      label: groupLabel(row, view.by),
      value: row.values[view.measure]?.value ?? null,
      before: row.comparison?.[view.measure]?.value ?? null,
      colour: colours.get(groupId(row, view.by)) ?? otherColour,
      isOther: row.isOther,
      conditions: row.isOther ? [] : [[view.by, row.key[view.by] ?? null]],
    }));
}

/** Each service of each account, with what it was before. */
export function moversOf({ answer, view }: Answered, currency: string): CostPart[] {
  return answer.rows
    .filter((row) => row.currency === currency)
    .map((row) => {
      const service = row.key["serviceName"] ?? null;
      const account = row.key["subAccountId"] ?? null;
      return {
        id: JSON.stringify([service, account]),
        // The account first: where a chart has no room for all of it, services of one name stay apart.
        label: `${groupLabel(row, "subAccountId")} · ${valueLabel("serviceName", service)}`,
        name: `${valueLabel("serviceName", service)} in ${groupLabel(row, "subAccountId")}`,
        value: row.values[view.measure]?.value ?? null,
        before: row.comparison?.[view.measure]?.value ?? null,
        conditions: [
          ["serviceName", service],
          ["subAccountId", account],
        ],
      };
    });
}

export function changeOf(part: Pick<Part, "value" | "before">): Decimal {
  return decimal(part.value ?? "0").minus(decimal(part.before ?? "0"));
}

export interface Cause {
  part: CostPart;
  change: Decimal;
  /** Of the whole change; more than 1 where others moved against it. Null where the whole did not change. */
  share: Decimal | null;
  kind: "new" | "gone" | "rose" | "fell";
}

/** What moved furthest in the direction in which the whole moved. */
export function findCause(parts: readonly CostPart[]): Cause | null {
  const whole = parts.reduce((sum, part) => sum.plus(changeOf(part)), zero);
  const moved = parts
    .map((part) => ({ part, change: changeOf(part) }))
    .filter(({ change }) => !change.isZero() && (whole.isZero() || change.isNegative() === whole.isNegative()))
    .toSorted((a, b) => b.change.abs().comparedTo(a.change.abs()));
  const first = moved[0];
  if (first === undefined) return null;
  const share = whole.isZero() ? null : first.change.dividedBy(whole).toDecimalPlaces(12);
  return { ...first, share, kind: kindOf(first.part) };
}

export function kindOf(part: Pick<Part, "value" | "before">): Cause["kind"] {
  const isNothing = (value: string | null | undefined) => value == null || parseDecimal(value).isZero();
  if (isNothing(part.before)) return "new";
  if (isNothing(part.value)) return "gone";
  return changeOf(part).isNegative() ? "fell" : "rose";
}

/** The ratio of two figures, or why there is none. */
export function ratioOf(part: Figure | undefined, whole: Figure | undefined): Figure {
  if (whole?.value == null || parseDecimal(whole.value).isZero()) return { value: null, missing: "There is no usage." };
  return {
    value: decimal(part?.value ?? "0")
      .dividedBy(decimal(whole.value))
      .toDecimalPlaces(12)
      .toString(),
  };
}

/** The sum of parts; of none that is known, nothing. */
export function sumOf(parts: readonly Part[]): string {
  return parts.reduce((sum, { value }) => sum.plus(decimal(value ?? "0")), zero).toString();
}
