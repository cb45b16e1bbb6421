import {
  type InvalidateOptions,
  type InvalidateQueryFilters,
  MutationCache,
  QueryCache,
  QueryClient,
  type QueryKey,
} from "@tanstack/react-query";
import { ApiProblem } from "./api.ts";
import { noteLost, useConnection } from "./connection.ts";

/** What can pass by itself is tried again; what the person must change is not. */
function mayPass(error: Error): boolean {
  return error instanceof ApiProblem && (error.code === "offline" || error.code === "upstream");
}

export const sessionKey = ["session"];

function onError(error: Error): void {
  // A session that ended shows itself here first; the shell then asks the person to sign in, on the same URL.
  if (error instanceof ApiProblem && error.code === "unauthenticated")
    void queryClient.invalidateQueries({ queryKey: sessionKey });
}

/**
 * What is stale is asked for anew, also where its first answer is still on its way: that one was made before the change, and by
 * itself the client would take it for the new one.
 */
export class FreshQueryClient extends QueryClient {
  override invalidateQueries<Key extends QueryKey = QueryKey>(
    filters?: InvalidateQueryFilters<Key>,
    options?: InvalidateOptions,
  ): Promise<void> {
    const first = this.getQueryCache()
      .findAll({ ...filters, type: "active", fetchStatus: "fetching" })
      .filter((query) => query.state.data === undefined && !query.isDisabled());
    // Silently: whoever waits for it gets the answer of the one that follows.
    for (const query of first) void query.cancel({ silent: true });
    return super.invalidateQueries(filters, options);
  }
}

export const queryClient = new FreshQueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({
    onError: (error) => {
      noteLost(error);
      onError(error);
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // Its first failure already asks whether the server is back, and what failed then is asked for again.
      retry: (count, error) => {
        noteLost(error);
        return mayPass(error) && count < 3;
      },
      refetchOnWindowFocus: true,
      // The browser's own idea of being offline is not asked: a server on this machine answers without a network.
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

useConnection.subscribe((now, before) => {
  if (now.returned === before.returned) return;
  // What is on the screen is asked for again at once; a published bill may have come in meanwhile.
  void queryClient.invalidateQueries();
});
