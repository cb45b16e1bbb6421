import {
  type CostView,
  planView,
  type SavedView,
  type ViewMoment,
  type ViewPlan,
} from "@finops/capabilities/views/contract";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { readView, type ViewSearch, writeView } from "../../lib/view-search.ts";

const route = getRouteApi("/explorer");

/** What the explorer shows, and how it changes: the URL is the only place where its state lives. */
export interface Explorer {
  view: CostView;
  /** What of the address could not be read. */
  unread: readonly string[];
  /** The saved view that this one started from. */
  savedId: string | null;
  /** Shows another view, as a step that the back button undoes. */
  show: (next: CostView) => void;
  /** The address of a view, for a link. */
  searchOf: (next: CostView) => ViewSearch;
  /** Opens a saved view as it is kept, or leaves it for a plain one. */
  open: (savedId: string | null, view?: CostView) => void;
}

/** @param started the saved view that is shown as it is kept; null where the address says what to show */
export function useExplorer(started: Pick<SavedView, "id" | "view"> | null): Explorer {
  const search = route.useSearch();
  const navigate = useNavigate();
  return useMemo(() => {
    const { view, unread } = started === null ? readView(search) : { view: started.view, unread: [] };
    const savedId = search.saved ?? started?.id ?? null;
    const searchOf = (next: CostView): ViewSearch => ({
      ...(savedId === null ? {} : { saved: savedId }),
      ...writeView(next),
    });
    const go = (next: ViewSearch) =>
      void navigate({
        to: "/explorer",
        search: ((old: Record<string, unknown>) => ({
          ...(old["proof"] === undefined ? {} : { proof: old["proof"] }),
          ...next,
        })) as never,
        resetScroll: false,
      });
    return {
      view,
      unread,
      savedId,
      searchOf,
      show: (next) => go(searchOf(next)),
      open: (id, plain) => go(id === null ? writeView(plain ?? view) : { saved: id }),
    };
  }, [search, started, navigate]);
}

export interface Resolved {
  plan: ViewPlan;
  moment: ViewMoment;
}

/** The same view narrowed to the currency that the page shows. */
export function useResolved(view: CostView, currency: string | null, moment: ViewMoment): Resolved {
  return useMemo(
    () => ({ plan: planView(currency === null ? view : { ...view, currency }, moment), moment }),
    [view, currency, moment],
  );
}
