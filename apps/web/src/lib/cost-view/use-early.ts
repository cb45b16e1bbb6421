import { type QueryClient, type QueryKey, useQueryClient } from "@tanstack/react-query";

/**
 * Asks what nobody has asked yet while the page is being drawn, and in the order of the drawing. By itself a query is asked by an
 * effect, after all that is drawn with it, and the innermost first: the server could have begun meanwhile.
 */
export function useEarly(queryKey: QueryKey | null, ask: (client: QueryClient) => Promise<void>): void {
  const client = useQueryClient();
  if (queryKey !== null && client.getQueryState(queryKey) === undefined) void ask(client);
}
