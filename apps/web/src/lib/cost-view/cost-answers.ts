import type { CostAnswer, CostQueryInput } from "@finops/capabilities/costs/contract";
import { decimal } from "@finops/kernel/decimal";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { request } from "../api.ts";
import { call } from "../call.ts";
import { useEarly } from "./use-early.ts";

/** Everything that is read of costs stands under this key: new data makes all of it old. */
export const costsKey = ["costs"];

export const catalogQuery = queryOptions({
  queryKey: [...costsKey, "catalog"],
  queryFn: ({ signal }) => call("GET /api/v1/cost/catalog", { signal }),
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
export function answerQuery(asked: CostQueryInput) {
  return queryOptions({
    queryKey: [...costsKey, "answer", asked],
    queryFn: ({ signal }) => fetchAnswer(asked, signal),
  });
}

export async function fetchAnswer(asked: CostQueryInput, signal: AbortSignal): Promise<Answered> {
  return { answer: await request<CostAnswer>("/api/v1/cost/query", { method: "POST", body: asked, signal }), asked };
}

export function useAnswer(asked: CostQueryInput | null) {
  const query = answerQuery(asked ?? nothing);
  useEarly(asked === null ? null : query.queryKey, (client) => client.prefetchQuery(query));
  return useQuery({
    ...query,
    enabled: asked !== null,
    placeholderData: keepPreviousData,
  });
}

const nothing: CostQueryInput = { measures: ["rowCount"], period: { start: "2000-01-01", end: "2000-01-02" } };

/** The currency with the most charges first: amounts of two currencies cannot be compared, so not the largest. */
export function currenciesOf(
  totals: readonly { currency: string; values: Record<string, { value: string | null }> }[],
): string[] {
  const rows = (total: (typeof totals)[number]) => decimal(total.values["rowCount"]?.value ?? "0");
  return totals.toSorted((a, b) => rows(b).comparedTo(rows(a))).map((total) => total.currency);
}
