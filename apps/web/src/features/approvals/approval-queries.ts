import type {
  ApprovalPolicies,
  ApprovalPoliciesInput,
  ChangeDecision,
  ChangeRequest,
  ChangeRequestDetails,
  WaitingChange,
} from "@finops/capabilities/approvals/contract";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import { request } from "../../lib/api.ts";
import { changeRequestsKey } from "../../lib/change-requests.ts";
import { sessionKey } from "../../lib/query-client.ts";
import { useToasts } from "../../lib/toasts.tsx";
import { isWaiting, useTellWaiting } from "../../lib/use-approved-change.ts";
import { stateWords } from "./state-words.ts";

export function changeRequestQuery(id: string) {
  return queryOptions({
    queryKey: [...changeRequestsKey, "one", id],
    queryFn: ({ signal }) => request<ChangeRequestDetails>(path(id), { signal }),
  });
}

export const policiesQuery = queryOptions({
  queryKey: ["approval-policies"],
  queryFn: ({ signal }) => request<ApprovalPolicies>("/api/v1/approval-policies", { signal }),
});

export type Decision =
  | { do: "decide"; decision: ChangeDecision }
  | { do: "withdraw" }
  /** Tries once more to make what is approved. */
  | { do: "apply" };

/** Decides about a change, takes it back, or tries again to make it; says what became of it. */
export function useDecide(id: string) {
  const client = useQueryClient();
  const tell = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: (wish: Decision) =>
      wish.do === "decide"
        ? request<ChangeRequest>(`${path(id)}/decision`, { method: "POST", body: wish.decision })
        : request<ChangeRequest>(`${path(id)}/${wish.do}`, { method: "POST" }),
    onSuccess: (now) =>
      tell({
        id: "decided",
        tone: now.failure === null ? "info" : "error",
        title: now.state === "requested" ? "Your approval counts; others are needed." : outcomes[now.state],
        body: now.failure ?? now.summary,
      }),
    onError: (error) => tell({ id: "decided", tone: "error", title: "Nothing was decided.", body: error.message }),
    // What was approved may be anything: people, roles, bills, costs.
    onSettled: () => client.invalidateQueries(),
  });
}

const outcomes = {
  applied: "The change is made.",
  approved: "The change is approved, but could not be made.",
  rejected: "The change is rejected.",
  withdrawn: "The change is taken back.",
  expired: stateWords.expired.label,
};

/** Says anew what needs an approval. Where anything does, this waits for one itself. */
export function useSavePolicies() {
  const client = useQueryClient();
  const tell = useToasts((toasts) => toasts.show);
  const tellWaiting = useTellWaiting();
  return useMutation({
    mutationFn: (body: z.input<typeof ApprovalPoliciesInput>) =>
      request<ApprovalPolicies | WaitingChange>("/api/v1/approval-policies", { method: "PUT", body }),
    onSuccess: async (answer) => {
      if (isWaiting(answer)) await tellWaiting(answer);
      else tell({ id: "policies", tone: "info", title: "It holds from the next change on." });
      await Promise.all([policiesQuery.queryKey, sessionKey].map((queryKey) => client.invalidateQueries({ queryKey })));
    },
    onError: (error) => tell({ id: "policies", tone: "error", title: "Nothing was changed.", body: error.message }),
  });
}

function path(id: string): string {
  return `/api/v1/change-requests/${encodeURIComponent(id)}`;
}
