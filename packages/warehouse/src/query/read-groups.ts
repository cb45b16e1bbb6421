import { decimal } from "@finops/kernel/decimal";
import { type MeasureId, measures, type PartValues } from "../model/measures.ts";
import { exactValue } from "../tables/exact-decimal.ts";
import type { CostAnswer, CostQuery, CostRow, Figure } from "./cost-query.ts";
import type { CostStore, PinnedGeneration, ReadOptions, StoreRow } from "./cost-store.ts";
import { type GroupOrder, isAdditive } from "./group-order.ts";
import type { Plan } from "./plan.ts";
import { mapInSlices } from "./map-in-slices.ts";
import { type MeasureTerms, renderQuery, type RenderTop } from "./render-sql.ts";

export interface Groups {
  plan: Plan;
  sql: string;
  rows: CostRow[];
  totals: CostAnswer["totals"];
}

export interface GroupPage {
  order: GroupOrder;
  limit: number;
  offset: number;
  /** The plan whose biggest groups are kept. */
  topAmong: Plan;
}

/** The groups of a plan and their totals, as exact figures. */
export async function readGroups(
  store: CostStore,
  tenantId: string,
  plan: Plan,
  query: CostQuery,
  page: GroupPage,
  options: ReadOptions,
): Promise<Groups> {
  const { order, limit, offset, topAmong } = page;
  const top: RenderTop | null =
    query.top === undefined ? null : { ...query.top, by: termsOf(rankMeasure(query), topAmong), among: topAmong };
  const statement = renderQuery(
    plan,
    { order: { by: orderTerms(order, plan), direction: order.direction }, top, limit, offset },
    store.dialect,
  );
  if (statement === null) return { plan, sql: "", rows: [], totals: [] };
  const found = await store.read(tenantId, generationsOf(plan, top?.among ?? plan), statement, options);
  return {
    plan,
    sql: statement.sql,
    rows: await mapInSlices(
      found.filter((row) => row.kind === "row"),
      (row) => toRow(row, plan, query),
    ),
    totals: found
      .filter((row) => row.kind === "total")
      .map((row) => ({ currency: row.c ?? "", values: figuresOf(row, plan, query) })),
  };
}

/** The measures to read: those asked for, and the one that the top is ranked by. */
export function measuresOf(query: CostQuery): MeasureId[] {
  return query.top === undefined ? query.measures : [...new Set([...query.measures, rankMeasure(query)])];
}

/** Groups are ranked by the first measure that is a sum; ratios alone are ranked by the cost behind them. */
function rankMeasure(query: CostQuery): MeasureId {
  return query.measures.find(isAdditive) ?? "effectiveCost";
}

function generationsOf(...plans: readonly Plan[]): PinnedGeneration[] {
  return [...new Set(plans.flatMap((plan) => plan.branches.flatMap((branch) => branch.generations)))];
}

function orderTerms({ by }: GroupOrder, plan: Plan): { measure: MeasureTerms } | { key: number } | "time" | null {
  if (by === "time") return by;
  if ("key" in by) return { key: plan.keys.findIndex((key) => key.name === by.key) };
  return isAdditive(by.measure) ? { measure: termsOf(by.measure, plan) } : null;
}

function termsOf(measure: MeasureId, plan: Plan): MeasureTerms {
  return plan.parts.flatMap((part, index) =>
    part.measure === measure && !("oneOf" in part.aggregate)
      ? [{ part: index, sign: part.part === "less" ? (-1 as const) : (1 as const) }]
      : [],
  );
}

function toRow(row: StoreRow, plan: Plan, query: CostQuery): CostRow {
  const key = Object.fromEntries(plan.keys.map((dimension, index) => [dimension.name, row[`k${index}`] ?? null]));
  return {
    key,
    isOther: row.other === "true",
    time: row.t ?? null,
    currency: row.c ?? "",
    values: figuresOf(row, plan, query),
  };
}

function figuresOf(row: StoreRow, plan: Plan, query: CostQuery): Record<string, Figure> {
  return Object.fromEntries(
    query.measures.map((id) => {
      const result = measures[id].compute(partValues(row, plan, id));
      return [id, "missing" in result ? { value: null, missing: result.missing } : { value: result.toString() }];
    }),
  );
}

function partValues(row: StoreRow, plan: Plan, measure: MeasureId): PartValues {
  const indexOf = (part: string) =>
    plan.parts.findIndex((planned) => planned.measure === measure && planned.part === part);
  return {
    decimal: (part) => {
      const index = indexOf(part);
      const main = row[`p${index}`] ?? null;
      if ("sum" in plan.parts[index]!.aggregate)
        return exactValue(main, row[`p${index}_lo`] ?? null, row[`p${index}_big`] ?? null);
      return main === null ? null : decimal(main);
    },
    text: (part) => {
      const [min, max] = [row[`p${indexOf(part)}_min`] ?? "", row[`p${indexOf(part)}_max`] ?? ""];
      return min === max ? min : null;
    },
  };
}
