import type { CostAnswer, CostCatalog, CostQueryInput, CostRowsAnswer } from "@finops/capabilities/costs/contract";
import { type CostView, planView, type ViewMoment, type ViewPlan } from "@finops/capabilities/views/contract";
import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { request } from "../../lib/api.ts";

/** Everything that is read of costs stands under this key: new data makes all of it old. */
const costsKey = ["costs"];

export const catalogQuery = queryOptions({
  queryKey: [...costsKey, "catalog"],
  queryFn: ({ signal }) => request<CostCatalog>("/api/v1/cost/catalog", { signal }),
  // The first bill may be on its way in: the page fills itself when it is there.
  refetchInterval: (query) => (query.state.data?.available === null ? 3000 : false),
});

/** An answer with its question: while the next one is on its way, the old figures keep their own labels. */
export interface Answered {
  answer: CostAnswer;
  asked: CostQueryInput;
}

/**
 * One question. It is the key, so an answer that comes late lands under its own question and never over a newer one; when
 * nobody asks it any more, its request is cancelled.
 */
function answerQuery(asked: CostQueryInput) {
  return queryOptions({
    queryKey: [...costsKey, "answer", asked],
    queryFn: ({ signal }) => fetchAnswer(asked, signal),
  });
}

async function fetchAnswer(asked: CostQueryInput, signal: AbortSignal): Promise<Answered> {
  return { answer: await request<CostAnswer>("/api/v1/cost/query", { method: "POST", body: asked, signal }), asked };
}

export function useAnswer(asked: CostQueryInput | null) {
  return useQuery({
    ...answerQuery(asked ?? nothing),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
  });
}

const nothing: CostQueryInput = { measures: ["rowCount"], period: { start: "2000-01-01", end: "2000-01-02" } };

/** The groups of the first level, page after page: a thousand at first, then what is left as the reader gets there. */
export function useGroups(asked: CostQueryInput) {
  const query = useInfiniteQuery({ ...groupsQuery(asked), placeholderData: keepPreviousData });
  const data = useMemo(
    () =>
      query.data === undefined
        ? undefined
        : {
            asked: query.data.pages[0]!.asked,
            answer: query.data.pages[0]!.answer,
            rows:
              query.data.pages.length === 1
                ? query.data.pages[0]!.answer.rows
                : query.data.pages.flatMap((page) => page.answer.rows),
          },
    [query.data],
  );
  return { ...query, data };
}

const pageRows = 20_000;

function groupsQuery(asked: CostQueryInput) {
  return infiniteQueryOptions({
    queryKey: [...costsKey, "groups", asked],
    queryFn: ({ signal, pageParam }) =>
      fetchAnswer(pageParam === null ? asked : { ...asked, cursor: pageParam, limit: pageRows }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.answer.nextCursor,
  });
}

/** The groups inside one; from memory when the reader was there a moment ago. */
export function loadGroups(client: QueryClient, asked: CostQueryInput): Promise<Answered> {
  return client.fetchQuery({ ...answerQuery(asked), staleTime: 30_000 });
}

/** Charge rows behind a view, a page at a time. */
export function useRows(plan: ViewPlan) {
  return useInfiniteQuery({
    queryKey: [...costsKey, "rows", plan.rows],
    queryFn: ({ signal, pageParam }) =>
      request<CostRowsAnswer>("/api/v1/cost/rows", {
        method: "POST",
        body: { ...plan.rows, limit: 200, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

const hoverMs = 90;
const fetchingMax = 3;

/**
 * Asks ahead what the reader points at, so that the click finds its answer: only after the pointer rests, only one at a time,
 * and not while the page itself is asking.
 */
export function usePrefetch(moment: ViewMoment, currency: string | null) {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useMemo(() => {
    const cancel = () => clearTimeout(timer.current);
    const start = (view: CostView) => {
      cancel();
      timer.current = setTimeout(() => {
        if (client.isFetching({ queryKey: costsKey }) >= fetchingMax) return;
        const plan = planView(currency === null ? view : { ...view, currency }, moment);
        void client.prefetchInfiniteQuery(groupsQuery(plan.groups));
        if (plan.trend !== null) void client.prefetchQuery(answerQuery(plan.trend));
      }, hoverMs);
    };
    /** To spread on whatever leads to a view. */
    return (view: () => CostView) => ({
      onPointerEnter: () => start(view()),
      onPointerLeave: cancel,
      onFocus: () => start(view()),
      onBlur: cancel,
    });
  }, [client, moment, currency]);
}

export type Prefetch = ReturnType<typeof usePrefetch>;
