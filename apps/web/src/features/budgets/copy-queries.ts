import type { WaitingChange } from "@finops/capabilities/approvals/contract";
import type { BudgetCopies, CopyInput, MadeBudgets } from "@finops/capabilities/budgets/contract";
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";
import { useToasts } from "../../lib/toasts.tsx";
import { isWaiting, useTellWaiting } from "../../lib/use-approved-change.ts";
import { budgetsKey } from "./budget-queries.ts";

/** What copies would be; nothing while nothing is chosen. */
export const copiesQuery = (input: CopyInput | null) =>
  queryOptions({
    queryKey: [...budgetsKey, "copies", input],
    queryFn: ({ signal }) =>
      request<BudgetCopies>("/api/v1/budgets/copy/preview", { method: "POST", body: input, signal }),
    enabled: input !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });

export function useCopyBudgets(onDone: () => void) {
  const client = useQueryClient();
  const tellWaiting = useTellWaiting();
  const tell = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: (input: CopyInput) =>
      request<MadeBudgets | WaitingChange>("/api/v1/budgets/copy", { method: "POST", body: input }),
    onSuccess: async (answer) => {
      onDone();
      if (isWaiting(answer)) return tellWaiting(answer);
      const { length } = answer.budgets;
      tell({ id: "copies", tone: "info", title: length === 1 ? "The copy is made." : `${length} copies are made.` });
      await client.invalidateQueries({ queryKey: budgetsKey });
    },
    onError: (error) => tell({ id: "copies", tone: "error", title: "Nothing was copied.", body: error.message }),
  });
}
