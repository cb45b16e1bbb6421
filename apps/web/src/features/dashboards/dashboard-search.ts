import type { CostView } from "@finops/capabilities/views/contract";
import * as z from "zod";
import { readView, writeView } from "../../lib/view-search.ts";
import { defaultView } from "@finops/capabilities/views/contract";

/** What the address of a dashboard says beside which one it is. */
const Search = z.object({
  /** One period for all tiles, as the explorer writes it. */
  period: z.string().max(60).optional().catch(undefined),
  edit: z.literal("yes").optional().catch(undefined),
});
export type DashboardSearch = z.infer<typeof Search>;

export function readDashboardSearch(search: Record<string, unknown>): DashboardSearch {
  return Search.parse(search);
}

/** The period that all tiles show; null where each has its own. */
export function periodOf({ period }: DashboardSearch): CostView["period"] | null {
  if (period === undefined) return null;
  const { view, unread } = readView({ period });
  return unread.length === 0 ? view.period : null;
}

export function writePeriod(period: CostView["period"]): string {
  if ("preset" in period) return period.preset;
  return writeView({ ...defaultView, period }).period ?? "";
}

/** A tile's view over the page's period; its grain follows the days. */
export function withPeriod(view: CostView, period: CostView["period"] | null): CostView {
  if (period === null) return view;
  const { grain: _, ...rest } = view;
  return { ...rest, period };
}
