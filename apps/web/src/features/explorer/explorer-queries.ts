import type { CostQueryInput, CostRow, CostRowsAnswer } from "@finops/capabilities/costs/contract";
import {
  type CostView,
  joinQuantities,
  planLevelQuantities,
  planView,
  type QuantityAnswer,
  type ViewMoment,
  type ViewPlan,
} from "@finops/capabilities/views/contract";
import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { request } from "../../lib/api.ts";
import { answerQuery, costsKey, fetchAnswer, useAnswer } from "../../lib/cost-view/cost-answers.ts";
import { useEarly } from "../../lib/cost-view/use-early.ts";

/**
 * The groups of the first level: a thousand at first, then what is left as the reader gets there, or all of them where the
 * order asks for it. Who has all groups sorts them without asking; only a list that goes on is sorted by the server.
 */
export function useGroups(plan: ViewPlan, sort: CostView["sort"], quantities: readonly QuantityAnswer[]) {
  const byFirst = useMemo(() => firstOrder(plan.groups), [plan]);
  const first = groupsQuery(byFirst);
  useEarly(first.queryKey, (client) => client.prefetchInfiniteQuery(first));
  const start = useInfiniteQuery({ ...first, placeholderData: keepPreviousData });
  const goesOn = start.data?.pages[0]?.answer.nextCursor != null && !start.isPlaceholderData;
  const isSorted = goesOn && !isSameOrder(byFirst, plan.groups);
  const sorted = useInfiniteQuery({
    ...groupsQuery(plan.groups),
    enabled: isSorted,
    placeholderData: keepPreviousData,
  });
  const query = isSorted ? sorted : start;
  const needsAll = ["share", "before", "change", "percent"].includes(sort.by);
  const { hasNextPage, isFetching, fetchNextPage } = query;
  useEffect(() => {
    if (needsAll && hasNextPage && !isFetching) void fetchNextPage();
  }, [needsAll, hasNextPage, isFetching, fetchNextPage]);
  const data = useMemo(() => {
    const [page, ...rest] = query.data?.pages ?? [];
    if (page === undefined) return undefined;
    const rows = rest.length === 0 ? page.answer.rows : [page, ...rest].flatMap((one) => one.answer.rows);
    return { ...page, rows: joinQuantities(rows, quantities) };
  }, [query.data, quantities]);
  return { ...query, data };
}

function firstOrder(groups: CostQueryInput): CostQueryInput {
  return { ...groups, orderBy: { by: groups.measures[0]!, direction: "desc" } };
}

function isSameOrder(one: CostQueryInput, other: CostQueryInput): boolean {
  return JSON.stringify(one.orderBy) === JSON.stringify(other.orderBy);
}

/** The quantities of the same groups, asked for apart from their money. */
export function useQuantities(plan: ViewPlan): readonly QuantityAnswer[] {
  const [one = null, other = null] = plan.quantities;
  const first = useAnswer(one).data;
  const second = useAnswer(other).data;
  return useMemo(
    () => [
      ...(one === null || first === undefined ? [] : [{ asked: first.asked, rows: first.answer.rows }]),
      ...(other === null || second === undefined ? [] : [{ asked: second.asked, rows: second.answer.rows }]),
    ],
    [one, other, first, second],
  );
}

const pageRows = 10_000;

function groupsQuery(asked: CostQueryInput) {
  return infiniteQueryOptions({
    queryKey: [...costsKey, "groups", asked],
    queryFn: ({ signal, pageParam }) =>
      fetchAnswer(pageParam === null ? asked : { ...asked, cursor: pageParam, limit: pageRows }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.answer.nextCursor,
    // Comparing what came with what was there, value by value, takes seconds of 100,000 groups and finds nothing.
    structuralSharing: false,
  });
}

/** The groups inside one; from memory when the reader was there a moment ago. */
export async function loadGroups(
  client: QueryClient,
  plan: ViewPlan,
  asked: CostQueryInput,
): Promise<readonly CostRow[]> {
  const load = (query: CostQueryInput) => client.fetchQuery({ ...answerQuery(query), staleTime: 30_000 });
  const [groups, ...quantities] = await Promise.all([load(asked), ...planLevelQuantities(plan, asked).map(load)]);
  return joinQuantities(
    groups.answer.rows,
    quantities.map((one) => ({ asked: one.asked, rows: one.answer.rows })),
  );
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
    structuralSharing: false,
    placeholderData: keepPreviousData,
  });
}

/** Asks for what a view shows first, each question once: whoever draws the view finds them on their way. */
function askFor(client: QueryClient, view: CostView, moment: ViewMoment, currency: string | null): void {
  void client.prefetchQuery(answerQuery(planView(view, moment).totals));
  if (view.shows === "rows") return;
  const plan = planView(currency === null ? view : { ...view, currency: view.currency ?? currency }, moment);
  void client.prefetchInfiniteQuery(groupsQuery(firstOrder(plan.groups)));
  if (plan.trend !== null) void client.prefetchQuery(answerQuery(plan.trend));
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
        if (client.isFetching({ queryKey: costsKey }) < fetchingMax) askFor(client, view, moment, currency);
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
