import { parseDecimal } from "@finops/kernel/decimal";
import type { Part } from "./part.ts";

/** What moved most, in money: what rose, biggest first, then what fell, ending with what fell most. */
export function findMovers(parts: readonly Part[], countMax: number): { part: Part; amount: string }[] {
  const moves = parts
    .filter((part) => part.value !== null || part.before != null)
    .map((part) => ({ part, change: parseDecimal(part.value ?? "0").minus(parseDecimal(part.before ?? "0")) }))
    .filter(({ change }) => !change.isZero())
    .toSorted((a, b) => b.change.abs().comparedTo(a.change.abs()))
    .slice(0, countMax)
    .toSorted((a, b) => b.change.comparedTo(a.change));
  return moves.map(({ part, change }) => ({ part, amount: change.toString() }));
}
