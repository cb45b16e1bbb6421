import type { ChangeRequestPage, ChangeRequestsParameters } from "@finops/capabilities/approvals/contract";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { request } from "./api.ts";

/** All that is read of changes that wait stands under this key. */
export const changeRequestsKey = ["change-requests"];

/** Those of one state, the newest first, page by page. */
export function changeRequestsQuery(state: ChangeRequestsParameters["state"]) {
  return infiniteQueryOptions({
    queryKey: [...changeRequestsKey, "list", state],
    queryFn: ({ signal, pageParam }) => readPage(state, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** How many wait for the one who asks, of the newest ones. */
export const waitingForMeQuery = queryOptions({
  queryKey: [...changeRequestsKey, "for-me"],
  queryFn: async ({ signal }) =>
    (await readPage("requested", null, signal)).requests.filter(({ isForMe }) => isForMe).length,
});

function readPage(
  state: ChangeRequestsParameters["state"],
  cursor: string | null,
  signal: AbortSignal,
): Promise<ChangeRequestPage> {
  const of = new URLSearchParams({ state, limit: "200", ...(cursor === null ? {} : { cursor }) });
  return request<ChangeRequestPage>(`/api/v1/change-requests?${of}`, { signal });
}
