import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { keepListening, onLive, onLiveMissed } from "./live.ts";
import { sessionKey } from "./query-client.ts";

/** What queries start their keys with whose answers change with what is published. */
const restOnBills = ["costs", "datasets"];
/** An import publishes month after month; the page reads anew once, not for each. */
const gatherMs = 400;

/** Keeps the page up to date while somebody is signed in. For the shell, once. */
export function useLiveUpdates(isSignedIn: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!isSignedIn) return;
    // A session that ended shows itself by being asked for.
    const connection = keepListening(() => void client.invalidateQueries({ queryKey: sessionKey }));
    const stopRefreshing = refreshByLive(client);
    return () => {
      stopRefreshing();
      connection.stop();
    };
  }, [client, isSignedIn]);
}

/**
 * What is published makes every answer about costs stale. Those in sight are asked for again while the old ones stay on the
 * screen. Returns what ends it.
 */
export function refreshByLive(client: QueryClient): () => void {
  let gathering: ReturnType<typeof setTimeout> | null = null;
  const stopPublished = onLive("published", () => {
    gathering ??= setTimeout(() => {
      gathering = null;
      void client.invalidateQueries({ predicate: ({ queryKey }) => restOnBills.includes(String(queryKey[0])) });
    }, gatherMs);
  });
  const stopMissed = onLiveMissed(() => void client.invalidateQueries());
  return () => {
    stopPublished();
    stopMissed();
    if (gathering !== null) clearTimeout(gathering);
  };
}
