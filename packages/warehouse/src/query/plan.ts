import { AppError } from "@finops/kernel/app-error";
import type { FocusColumnId } from "@finops/focus/columns";
import { type Aggregate, type MeasureId, measures, type RowCondition } from "../model/measures.ts";
import { type CostTable, type Dimension, getDimension, isFactColumn, tablesOf, tablesOfColumn } from "../model/dimensions.ts";
import type { CostAccess, PinnedGeneration, PinnedStore } from "./cost-store.ts";
import type { CostFilter } from "./cost-query.ts";

export interface PlannedPart {
  measure: MeasureId;
  part: string;
  aggregate: Aggregate;
}

/** What to read from which table of which period: everything but the words of an engine. */
export interface Plan {
  keys: readonly Dimension[];
  grain: "hour" | "day" | "week" | "month" | "quarter" | "year" | null;
  parts: readonly PlannedPart[];
  filter: CostFilter | null;
  branches: readonly Branch[];
}

export interface Branch {
  generation: PinnedGeneration;
  table: CostTable;
  /** Days to keep; null when the whole period's rows lie within. */
  days: { start: string; end: string } | null;
}

export interface PlanInput {
  measures: readonly MeasureId[];
  groupBy: readonly string[];
  filter?: CostFilter | undefined;
  period: { start: string; end: string };
  basis: "charge" | "billing";
  grain?: Plan["grain"] | undefined;
}

/** Chooses periods and, for each, the smallest table that holds every field of the query. */
export function planQuery(input: PlanInput, access: CostAccess, pinned: PinnedStore): Plan {
  const keys = input.groupBy.map(getDimension);
  for (const measure of input.measures) addUnitKey(measure, keys);
  const parts = input.measures.flatMap((measure) => Object.entries(measures[measure].parts).map(([part, aggregate]) => ({ measure, part, aggregate: aggregate as Aggregate })));
  const filter = joinFilters(input.filter, access.rowFilter);
  const possible = smallestFirst.filter((table) => [...keys, ...dimensionsOf(filter)].every((dimension) => tablesOf(dimension).includes(table)) && parts.every((part) => columnsOf(part.aggregate).every((column) => tablesOfColumn(column).includes(table))));
  const allowed = input.grain === "hour" || parts.some((part) => "distinct" in part.aggregate) ? (["facts"] as const) : possible;
  return { keys, grain: input.grain ?? null, parts, filter, branches: branchesOf(input, pinned, allowed) };
}

const smallestFirst: readonly CostTable[] = ["rollup_day", "rollup_combo", "facts"];

function branchesOf(input: PlanInput, pinned: PinnedStore, allowed: readonly CostTable[]): Branch[] {
  const { start, end } = input.period;
  return pinned.generations.flatMap((generation) => {
    const { chargeStart, chargeEnd, tables } = generation.manifest;
    if (chargeStart === null || chargeEnd === null) return [];
    const byBilling = input.basis === "billing";
    const overlaps = byBilling ? generation.billingPeriod >= start && generation.billingPeriod < end : chargeStart < end && chargeEnd > start;
    if (!overlaps) return [];
    const present = allowed.filter((name) => tables[name] !== undefined);
    const table = present.toSorted((a, b) => tables[a]! - tables[b]!)[0]!;
    const isWhole = byBilling || (chargeStart >= start && chargeEnd <= end);
    return [{ generation, table, days: isWhole ? null : { start, end } }];
  });
}

function addUnitKey(measure: MeasureId, keys: Dimension[]): void {
  const unit = (measures[measure] as { unitColumn?: FocusColumnId }).unitColumn;
  if (unit === undefined || keys.some((key) => key.source === "column" && key.column === unit)) return;
  keys.push(getDimension(unit));
}

/** The caller's filter within what the caller may see. */
function joinFilters(filter: CostFilter | undefined, rowFilter: CostFilter | undefined): CostFilter | null {
  const both = [filter, rowFilter].filter((one) => one !== undefined);
  return both.length === 2 ? { and: both } : (both[0] ?? null);
}

export function dimensionsOf(filter: CostFilter | null): Dimension[] {
  if (filter === null) return [];
  if ("and" in filter) return filter.and.flatMap(dimensionsOf);
  if ("or" in filter) return filter.or.flatMap(dimensionsOf);
  if ("not" in filter) return dimensionsOf(filter.not);
  const dimension = getDimension(filter.dimension);
  if (dimension.source === "time" && dimension.part !== "day" && dimension.part !== "hour") {
    throw new AppError("invalid", `Filter by ${dimension.name} through the period, not through a filter.`);
  }
  return [dimension];
}

/** Columns that an aggregate reads beyond the exact sums, which every table has. */
function columnsOf(aggregate: Aggregate): FocusColumnId[] {
  const own = "oneOf" in aggregate ? [aggregate.oneOf] : "distinct" in aggregate ? [aggregate.distinct] : [];
  return [...own, ...(aggregate.where ?? []).flatMap(columnsOfCondition)];
}

function columnsOfCondition(condition: RowCondition): FocusColumnId[] {
  if ("any" in condition) return condition.any.flatMap(columnsOfCondition);
  return "known" in condition ? [] : [condition.column];
}

/** True when a dimension needs the combinations of a branch's table. */
export function needsCombos(dimension: Dimension, table: CostTable): boolean {
  if (dimension.source === "tag") return true;
  if (dimension.source !== "column" || dimension.column === "BillingPeriodStart") return false;
  return table === "rollup_combo" || (table === "facts" && !isFactColumn(dimension.column));
}
