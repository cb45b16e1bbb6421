import { AppError } from "@finops/kernel/app-error";
import type { FocusColumnId } from "@finops/focus/columns";
import { type Aggregate, type Measure, type MeasureId, measures, type RowCondition } from "../model/measures.ts";
import {
  type CostTable,
  type Dimension,
  getDimension,
  smallestFirst,
  tablesOf,
  tablesOfColumn,
  tablesOfDays,
} from "../model/dimensions.ts";
import { factTextColumns } from "../tables/cost-columns.ts";
import type { CostAccess, CostDialect, PeriodRows, PinnedStore } from "./cost-store.ts";
import type { CostFilter } from "./cost-query.ts";

export interface PlannedPart {
  measure: MeasureId;
  part: string;
  aggregate: Aggregate;
}

/** What to read from which table of which period: everything but the words of an engine. */
export interface Plan {
  keys: readonly Dimension[];
  /** How many of the keys, at their end, are units that nobody asked for: quantities of two units cannot share a group. */
  unitKeys: number;
  grain: "hour" | "day" | "week" | "month" | "quarter" | "year" | null;
  parts: readonly PlannedPart[];
  filter: CostFilter | null;
  branches: readonly Branch[];
}

/** Planned for one period each; `joinPeriods` makes one of several where an engine keeps them in the same table. */
export interface Branch extends PeriodRows {
  table: CostTable;
  /** Days to keep; null when the whole period's rows lie within. */
  days: { start: string; end: string } | null;
}

export interface PlanScope {
  filter?: CostFilter | undefined;
  period: { start: string; end: string };
  basis: "charge" | "billing";
}

export interface PlanInput extends PlanScope {
  measures: readonly MeasureId[];
  groupBy: readonly (string | Dimension)[];
  grain?: Plan["grain"] | undefined;
}

/** Chooses periods and, for each, the smallest table that holds every field of the query. */
export function planQuery(input: PlanInput, access: CostAccess, pinned: PinnedStore): Plan {
  const asked = input.groupBy.map((group) => (typeof group === "string" ? getDimension(group) : group));
  const keys = withUnits(asked, input.measures);
  const parts = input.measures.flatMap((measure) =>
    Object.entries(measures[measure].parts).map(([part, aggregate]) => ({
      measure,
      part,
      aggregate: aggregate as Aggregate,
    })),
  );
  const filter = joinFilters(input.filter, access.rowFilter);
  const needs = [
    ...[...keys, ...dimensionsOf(filter)].map(tablesOf),
    ...parts.map((part) => tablesOfAggregate(part.aggregate)),
    ...(input.grain === undefined || input.grain === null ? [] : [tablesOf(getDimension(input.grain))]),
  ];
  const able = smallestFirst.filter((table) => needs.every((tables) => tables.includes(table)));
  return {
    keys,
    unitKeys: keys.length - asked.length,
    grain: input.grain ?? null,
    parts,
    filter,
    branches: branchesOf(input, access, pinned, able),
  };
}

/** The periods whose facts hold the rows themselves, oldest first. */
export function planRows(input: PlanScope, access: CostAccess, pinned: PinnedStore): Pick<Plan, "filter" | "branches"> {
  const filter = joinFilters(input.filter, access.rowFilter);
  dimensionsOf(filter);
  const branches = branchesOf(input, access, pinned, ["facts"]);
  return {
    filter,
    branches: branches.toSorted((a, b) => (a.generations[0].billingPeriod < b.generations[0].billingPeriod ? -1 : 1)),
  };
}

function branchesOf(
  { period, basis }: PlanScope,
  { tenantId }: CostAccess,
  pinned: PinnedStore,
  able: readonly CostTable[],
): Branch[] {
  const { start, end } = period;
  return pinned.generations.flatMap((generation) => {
    const { chargeStart, chargeEnd, tables } = generation.manifest;
    if (chargeStart === null || chargeEnd === null) return [];
    const byBilling = basis === "billing";
    const overlaps = byBilling
      ? generation.billingPeriod >= start && generation.billingPeriod < end
      : chargeStart < end && chargeEnd > start;
    if (!overlaps) return [];
    const isWhole = byBilling || (chargeStart >= start && chargeEnd <= end);
    const [table] = able
      .filter((name) => tables[name] !== undefined && (isWhole || tablesOfDays.includes(name)))
      .toSorted((a, b) => tables[a]! - tables[b]!);
    if (table === undefined)
      throw new AppError("internal", "A period's file lacks the table that every query can be answered from.", {
        internal: generation.id,
      });
    return [{ tenantId, generations: [generation], table, days: isWhole ? null : { start, end } }];
  });
}

function withUnits(keys: readonly Dimension[], measureIds: readonly MeasureId[]): Dimension[] {
  const units = new Set(measureIds.flatMap((id) => (measures[id] as Measure).unitColumn ?? []));
  return [
    ...keys,
    ...[...units]
      .filter((unit) => !keys.some((key) => key.source === "column" && key.column === unit))
      .map(getDimension),
  ];
}

/** The caller's filter within what the caller may see. */
function joinFilters(filter: CostFilter | undefined, rowFilter: CostFilter | undefined): CostFilter | null {
  const both = [filter, rowFilter].filter((one) => one !== undefined);
  return both.length === 2 ? { and: both } : (both[0] ?? null);
}

const filterTests = ["is", "in", "contains", "startsWith", "isNull", "from", "to"] as const;

/** The dimensions that a filter reads. Throws `invalid` for a name that does not exist and for a filter that tests nothing. */
export function dimensionsOf(filter: CostFilter | null): Dimension[] {
  if (filter === null) return [];
  if ("and" in filter) return filter.and.flatMap(dimensionsOf);
  if ("or" in filter) return filter.or.flatMap(dimensionsOf);
  if ("not" in filter) return dimensionsOf(filter.not);
  const dimension = getDimension(filter.dimension);
  if (dimension.source === "time" && dimension.part !== "day" && dimension.part !== "hour") {
    throw new AppError("invalid", `Filter by ${dimension.name} through the period, not through a filter.`);
  }
  if (!filterTests.some((test) => filter[test] !== undefined))
    throw new AppError(
      "invalid",
      `The filter on ${filter.dimension} has no test. Use is, in, contains, startsWith, isNull, from or to.`,
    );
  return [dimension];
}

/** Every table has the exact sums; what else an aggregate reads decides. Different values cannot be counted from sums. */
function tablesOfAggregate(aggregate: Aggregate): readonly CostTable[] {
  if ("distinct" in aggregate) return ["facts"];
  const columns = columnsOfAggregate(aggregate);
  return smallestFirst.filter((table) => columns.every((column) => tablesOfColumn(column).includes(table)));
}

function columnsOfAggregate(aggregate: Aggregate): FocusColumnId[] {
  return [...("oneOf" in aggregate ? [aggregate.oneOf] : []), ...(aggregate.where ?? []).flatMap(columnsOfCondition)];
}

function columnsOfCondition(condition: RowCondition): FocusColumnId[] {
  if ("any" in condition) return condition.any.flatMap(columnsOfCondition);
  return "known" in condition ? [] : [condition.column];
}

/** How many rows a planned branch reads. */
export function rowsOf({ generations, table }: Branch): number {
  return generations.reduce((sum, { manifest }) => sum + (manifest.tables[table] ?? 0), 0);
}

/** True when a dimension needs the combinations of a branch's table. */
export function needsCombos(dimension: Dimension, table: CostTable, dialect: CostDialect): boolean {
  if (dimension.source === "tag" || dimension.source === "tagKeys") return true;
  return dimension.source === "column" && columnNeedsCombos(dimension.column, table, dialect);
}

function columnNeedsCombos(column: FocusColumnId, table: CostTable, dialect: CostDialect): boolean {
  if (column === "BillingPeriodStart") return false;
  if (table !== "facts") return table === "rollup_combo" || table === "rollup_month_combo";
  return !factTextColumns.includes(column) && !dialect.factsCarry.includes(column);
}

/** True when an aggregate reads a column of the combinations of a branch's table. */
export function aggregateNeedsCombos(aggregate: Aggregate, table: CostTable, dialect: CostDialect): boolean {
  return columnsOfAggregate(aggregate).some((column) => columnNeedsCombos(column, table, dialect));
}
