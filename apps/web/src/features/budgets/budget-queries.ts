import type { WaitingChange } from "@finops/capabilities/approvals/contract";
import type {
  Budget,
  BudgetChange,
  BudgetComment,
  BudgetHistory,
  BudgetInput,
  BudgetPage,
  BudgetPreview,
  BudgetPreviewInput,
  ParsedPlan,
  BudgetPeriods,
} from "@finops/capabilities/budgets/contract";
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";
import { useLiveEvents } from "../../lib/live.ts";
import { useToasts } from "../../lib/toasts.tsx";
import { isWaiting, useTellWaiting } from "../../lib/use-approved-change.ts";

/** All that is read of budgets stands under this key. */
const budgetsKey = ["budgets"];
const at = (id: string, part = "") => `/api/v1/budgets/${encodeURIComponent(id)}${part}`;

/** Every budget that one may see, by name. */
export const budgetsQuery = queryOptions({
  queryKey: [...budgetsKey, "list"],
  queryFn: async ({ signal }) => {
    const budgets: Budget[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const of: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page: BudgetPage = await request<BudgetPage>(`/api/v1/budgets?limit=1000${of}`, { signal });
      budgets.push(...page.budgets);
      cursor = page.nextCursor;
    }
    return budgets;
  },
});

export const budgetQuery = (id: string) =>
  queryOptions({
    queryKey: [...budgetsKey, "one", id],
    queryFn: ({ signal }) => request<Budget>(at(id), { signal }),
  });

export const outlookQuery = (id: string) =>
  queryOptions({
    queryKey: [...budgetsKey, "outlook", id],
    queryFn: ({ signal }) => request<BudgetPreview>(at(id, "/outlook"), { signal }),
  });

export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: [...budgetsKey, "history", id],
    queryFn: ({ signal }) => request<BudgetHistory>(at(id, "/history"), { signal }),
  });

export const commentsQuery = (id: string) =>
  queryOptions({
    queryKey: [...budgetsKey, "comments", id],
    queryFn: async ({ signal }) =>
      (await request<{ comments: BudgetComment[] }>(at(id, "/comments"), { signal })).comments,
  });

/** How a budget would stand, while it is written. */
export const previewQuery = (draft: BudgetPreviewInput | null) =>
  queryOptions({
    queryKey: [...budgetsKey, "preview", draft],
    queryFn: ({ signal }) => request<BudgetPreview>("/api/v1/budgets/preview", { method: "POST", body: draft, signal }),
    enabled: draft !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });

export const planQuery = (text: string, periods: BudgetPeriods | null) =>
  queryOptions({
    queryKey: [...budgetsKey, "plan", text, periods],
    queryFn: ({ signal }) =>
      request<ParsedPlan>("/api/v1/budgets/plan", { method: "POST", body: { text, periods }, signal }),
    enabled: periods !== null && text.trim() !== "",
    placeholderData: keepPreviousData,
    retry: false,
  });

/** Keeps what is shown of budgets up to date: they are worked out after a publication and after a change. */
export function useLiveBudgets(): void {
  const client = useQueryClient();
  useLiveEvents("budgets", () => void client.invalidateQueries({ queryKey: budgetsKey }));
}

type Change =
  | { do: "create"; input: BudgetInput }
  | { do: "change"; id: string; input: BudgetChange }
  | { do: "delete"; id: string; version: number };

/** Makes, changes or deletes a budget; where a policy holds it back, the page says so. */
export function useChangeBudget(onDone: (budget: Budget) => void) {
  const client = useQueryClient();
  const tellWaiting = useTellWaiting();
  const tell = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: (change: Change) => {
      if (change.do === "create")
        return request<Budget | WaitingChange>("/api/v1/budgets", { method: "POST", body: change.input });
      if (change.do === "change")
        return request<Budget | WaitingChange>(at(change.id), { method: "PUT", body: change.input });
      return request<Budget | WaitingChange>(`${at(change.id)}?version=${change.version}`, { method: "DELETE" });
    },
    onSuccess: async (answer) => {
      if (isWaiting(answer)) return tellWaiting(answer);
      onDone(answer);
      await client.invalidateQueries({ queryKey: budgetsKey });
    },
    onError: (error) => tell({ id: "budget", tone: "error", title: "The budget is as it was.", body: error.message }),
  });
}

export function useComment(id: string, onDone: () => void) {
  const client = useQueryClient();
  const tell = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: (text: string) => request<BudgetComment>(at(id, "/comments"), { method: "POST", body: { text } }),
    onSuccess: async () => {
      onDone();
      await client.invalidateQueries(commentsQuery(id));
    },
    onError: (error) => tell({ id: "comment", tone: "error", title: "The comment was not kept.", body: error.message }),
  });
}
