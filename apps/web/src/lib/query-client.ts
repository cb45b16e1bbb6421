import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "./api.ts";

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

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: { staleTime: 30_000, retry: (count, error) => mayPass(error) && count < 3, refetchOnWindowFocus: true },
  },
});
