import { useQuery } from "@tanstack/react-query";
import { request } from "../api.ts";
import { type AsOf, documentKey, documentPath, type Kind } from "./document-queries.ts";

/** A document as a version left it. */
export function useDocumentAsOf<K extends Kind>(kind: K, id: string, version: number | null) {
  return useQuery({
    queryKey: documentKey(kind, id, "versions", version ?? 0),
    queryFn: ({ signal }) => request<AsOf<K>>(`${documentPath(kind, id)}/versions/${version}`, { signal }),
    enabled: version !== null,
    // A version never changes.
    staleTime: Infinity,
  });
}
