import type { TemplateDraft } from "@finops/capabilities/budgets/contract";
import { Button } from "@finops/ui/primitives/button";
import { Select } from "@finops/ui/primitives/select";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type BudgetForm, scopeOf } from "./budget-form.ts";
import { templatesQuery, useChangeTemplates, useDraftFromTemplate } from "./template-queries.ts";

interface TemplateFieldsProps {
  form: BudgetForm;
  onDraft: (draft: TemplateDraft) => void;
}

/** Begins a budget as others are: what a template says is filled in, and every field can be changed after. */
export function TemplateFields({ form, onDraft }: TemplateFieldsProps) {
  const templates = useQuery(templatesQuery);
  const [id, setId] = useState("");
  const [missing, setMissing] = useState<string | null>(null);
  const draft = useDraftFromTemplate((found) => {
    setMissing(found.missing);
    onDraft(found);
  });
  const change = useChangeTemplates(() => setId(""));
  const chosen = templates.data?.find((one) => one.id === id);
  const isOfCosts = chosen?.shape.amount.kind === "last-year";
  const scope = scopeOf(form);
  return (
    <section aria-label="Template" className="space-y-2 rounded-md border border-line bg-surface-2 p-3">
      <Select
        label="Begin with a template"
        value={id}
        options={[
          { value: "", label: "None" },
          ...(templates.data ?? []).map((one) => ({ value: one.id, label: one.name })),
        ]}
        onChange={(next) => {
          setMissing(null);
          setId(next);
        }}
      />
      {chosen !== undefined && (
        <>
          <p className="text-xs break-words text-text-2" dir="auto">
            {chosen.about}
            {isOfCosts && " Choose the costs below first: its amounts are made of them."}
          </p>
          <div className="flex flex-wrap gap-2">
            <Button
              disabled={draft.isPending || scope === null}
              onClick={() => {
                if (scope !== null) draft.mutate({ id, use: { ...scope, currency: form.currency.trim() } });
              }}
            >
              Fill in
            </Button>
            {chosen.mayDelete && (
              <Button
                kind="quiet"
                disabled={change.isPending}
                onClick={() => change.mutate({ do: "delete", id, name: chosen.name })}
              >
                Delete this template
              </Button>
            )}
          </div>
        </>
      )}
      {missing !== null && (
        <p role="status" className="text-xs text-text-2">
          {missing}
        </p>
      )}
    </section>
  );
}
