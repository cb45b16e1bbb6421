import { addDays, type Day } from "@finops/kernel/period";
import { useNavigate } from "@tanstack/react-router";
import type { Block, OverviewSearch } from "./overview-search.ts";
import { type Condition, nextDimension, type OverviewView } from "./overview-view.ts";

/** Changes what the page shows, by changing the URL. `undefined` goes back to the default. */
export function useOverviewNavigation(view: OverviewView, search: OverviewSearch) {
  const navigate = useNavigate();
  const change = (changed: { [Key in keyof OverviewSearch]?: OverviewSearch[Key] | undefined }) =>
    void navigate({ to: "/", search: (now) => ({ ...now, ...changed }) as OverviewSearch, resetScroll: false });
  /** What has those values, and the next question of it. */
  const narrowed = (conditions: readonly Condition[]) => {
    const kept = view.where.filter(([name]) => !conditions.some(([dimension]) => dimension === name));
    const asked = conditions.map(([dimension]) => dimension);
    return { where: [...kept, ...conditions].map(copy), by: nextDimension({ ...view, where: kept }, asked) };
  };
  return {
    change,
    /** Keeps only what has those values. */
    drill: (...conditions: readonly Condition[]) => change(narrowed(conditions)),
    drillOn: (day: Day, ...conditions: readonly Condition[]) =>
      change({ ...narrowed(conditions), preset: undefined, from: day, to: addDays(day, 1), grain: undefined }),
    lift: (index: number) =>
      change({ where: view.where.length === 1 ? undefined : view.where.filter((_, at) => at !== index).map(copy) }),
    showPeriod: (from: string, to: string) => change({ preset: undefined, from, to, grain: undefined }),
    tableOf: (block: Block) => ({
      view: search.tables?.includes(block) === true ? ("table" as const) : ("chart" as const),
      onView: (next: "chart" | "table") => {
        const others = (search.tables ?? []).filter((one) => one !== block);
        const tables = next === "table" ? [...others, block] : others;
        change({ tables: tables.length === 0 ? undefined : tables });
      },
    }),
  };
}

export type OverviewNavigation = ReturnType<typeof useOverviewNavigation>;

const copy = ([dimension, value]: Condition): [string, string | null] => [dimension, value];
