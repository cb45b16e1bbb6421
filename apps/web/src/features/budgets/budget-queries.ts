import type { WaitingChange } from "@finops/capabilities/approvals/contract";
import type {
  Budget,
  BudgetChange,
  BudgetComment,
  BudgetCommentInput,
  BudgetHistory,
  BudgetInput,
  BudgetPage,
  BudgetPerformance,
  BudgetPlanner,
  BudgetPreview,
  BudgetPreviewInput,
  ParsedPlan,
  BudgetPeriods,
} from "@finops/capabilities/budgets/contract";
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { addMonths } from "@finops/kernel/period";
import { request } from "../../lib/api.ts";
import { serverClock } from "../../lib/server-clock.ts";
import { useLiveEvents } from "../../lib/live.ts";
import { useToasts } from "../../lib/toasts.tsx";
import { isWaiting, useTellWaiting } from "../../lib/use-approved-change.ts";

/** All that is read of budgets stands under this key. */
export const budgetsKey = ["budgets"];
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

/** How periods ended in the last years; for one, the quarters that the server takes by itself. */
export const performanceQuery = (by: "owner" | "team", years: number) =>
  queryOptions({
    queryKey: [...budgetsKey, "performance", by, years],
    queryFn: ({ signal }) => {
      const start = years === 1 ? "" : `&start=${addMonths(`${serverClock.today().slice(0, 7)}-01`, -12 * years + 1)}`;
      return request<BudgetPerformance>(`/api/v1/budgets/performance?by=${by}${start}`, { signal });
    },
    placeholderData: keepPreviousData,
  });

export const plannerQuery = queryOptions({
  queryKey: [...budgetsKey, "planner"],
  queryFn: ({ signal }) => request<BudgetPlanner>("/api/v1/budgets/planner", { signal }),
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

/** Changes a budget, or asks for an approval of it. */
export function sendBudgetChange(id: string, input: BudgetChange): Promise<Budget | WaitingChange> {
  return request<Budget | WaitingChange>(at(id), { method: "PUT", body: input });
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
      if (change.do === "change") return sendBudgetChange(change.id, change.input);
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
    mutationFn: (input: BudgetCommentInput) =>
      request<BudgetComment>(at(id, "/comments"), { method: "POST", body: input }),
    onSuccess: async () => {
      onDone();
      await client.invalidateQueries(commentsQuery(id));
    },
    onError: (error) => tell({ id: "comment", tone: "error", title: "The comment was not kept.", body: error.message }),
  });
}
