import type { BudgetTemplate, TemplateDraft, TemplateInput, TemplateUse } from "@finops/capabilities/budgets/contract";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";
import { useToasts } from "../../lib/toasts.tsx";
import { budgetsKey } from "./budget-queries.ts";

const path = "/api/v1/budgets/templates";

export const templatesQuery = queryOptions({
  queryKey: [...budgetsKey, "templates"],
  queryFn: async ({ signal }) => (await request<{ templates: BudgetTemplate[] }>(path, { signal })).templates,
});

/** A budget to go on with, of the costs that are chosen so far. */
export function useDraftFromTemplate(onDone: (draft: TemplateDraft) => void) {
  const tell = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: ({ id, use }: { id: string; use: TemplateUse }) =>
      request<TemplateDraft>(`${path}/${encodeURIComponent(id)}/draft`, { method: "POST", body: use }),
    onSuccess: onDone,
    onError: (error) =>
      tell({ id: "template", tone: "error", title: "The template was not used.", body: error.message }),
  });
}

type TemplateChange = { do: "keep"; input: TemplateInput } | { do: "delete"; id: string; name: string };

export function useChangeTemplates(onDone: () => void) {
  const client = useQueryClient();
  const tell = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: async (change: TemplateChange): Promise<string> => {
      if (change.do === "keep") {
        await request<BudgetTemplate>(path, { method: "POST", body: change.input });
        return `${change.input.name} is a template now.`;
      }
      await request(`${path}/${encodeURIComponent(change.id)}`, { method: "DELETE" });
      return `The template ${change.name} is deleted.`;
    },
    onSuccess: async (title) => {
      onDone();
      tell({ id: "template", tone: "info", title });
      await client.invalidateQueries(templatesQuery);
    },
    onError: (error) =>
      tell({ id: "template", tone: "error", title: "The templates are as they were.", body: error.message }),
  });
}
