import { useNavigate } from "@tanstack/react-router";
import type { CostsSearch } from "./costs-search.ts";
import { type CostView, nextDimension } from "./cost-view.ts";

/** Changes what the page shows, by changing the URL. `undefined` goes back to the default. */
export function useCostsNavigation(view: CostView) {
  const navigate = useNavigate();
  const change = (changed: { [Key in keyof CostsSearch]?: CostsSearch[Key] | undefined }) =>
    void navigate({ to: "/", search: (now: CostsSearch) => ({ ...now, ...changed }), resetScroll: false });
  return {
    change,
    /** Keeps only what has that value, and asks the next question of it. */
    drill: (dimension: string, value: string | null) =>
      change({
        where: [...view.where.map(copy), [dimension, value]],
        by: nextDimension(view),
        sort: undefined,
        direction: undefined,
      }),
    lift: (index: number) =>
      change({ where: view.where.length === 1 ? undefined : view.where.filter((_, at) => at !== index).map(copy) }),
  };
}

export type CostsNavigation = ReturnType<typeof useCostsNavigation>;

const copy = ([dimension, value]: readonly [string, string | null]): [string, string | null] => [dimension, value];
