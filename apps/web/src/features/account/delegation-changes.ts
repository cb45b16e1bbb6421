import type { DelegationInput, Grant } from "@finops/capabilities/people/contract";
import { request } from "../../lib/api.ts";
import { delegationsQuery, peopleKey } from "../../lib/people-queries.ts";
import { useApprovedChange } from "../../lib/use-approved-change.ts";
import { useQuickChange } from "../../lib/use-quick-change.ts";

interface Delegated {
  given: Grant[];
  received: Grant[];
}

export function useDelegate() {
  return useApprovedChange<Delegated, DelegationInput, Grant>({
    key: delegationsQuery.queryKey,
    stale: [peopleKey],
    send: (body) => request("/api/v1/delegations", { method: "POST", body }),
    refused: "Nothing was delegated.",
  });
}

export function useEndDelegation() {
  return useQuickChange<Delegated, string>({
    key: delegationsQuery.queryKey,
    stale: [peopleKey],
    send: (id) => request(`/api/v1/delegations/${encodeURIComponent(id)}`, { method: "DELETE" }),
    show: (kept, id) => ({ ...kept, given: kept.given.filter((grant) => grant.id !== id) }),
    refused: "It was not taken back.",
  });
}
