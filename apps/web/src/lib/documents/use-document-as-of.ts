import { useQuery } from "@tanstack/react-query";
import { request } from "../api.ts";
import { type AsOf, documentKey, documentPath, type Kind, type Whole } from "./document-queries.ts";

/** A document as a version left it, or as it stands where `version` is null. */
export function useDocumentAsOf<K extends Kind>(kind: K, shown: Whole<K>, version: number | null) {
  const earlier = useQuery({
    queryKey: documentKey(kind, shown.id, "versions", version ?? 0),
    queryFn: ({ signal }) => request<AsOf<K>>(`${documentPath(kind, shown.id)}/versions/${version}`, { signal }),
    enabled: version !== null,
    // A version never changes.
    staleTime: Infinity,
  });
  return version === null ? { data: shown, error: null, isFetching: false, refetch: () => {} } : earlier;
}
