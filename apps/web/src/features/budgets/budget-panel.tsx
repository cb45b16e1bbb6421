import type { Budget } from "@finops/capabilities/budgets/contract";
import { Button } from "@finops/ui/primitives/button";
import { Select } from "@finops/ui/primitives/select";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextArea } from "@finops/ui/primitives/text-area";
import { TextField } from "@finops/ui/primitives/text-field";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { companyQuery } from "../../lib/company-queries.ts";
import { membersQuery } from "../../lib/people-queries.ts";
import { serverClock } from "../../lib/server-clock.ts";
import { useMay } from "../../lib/session.ts";
import { useRested } from "../../lib/use-rested.ts";
import { AmountFields } from "./amount-fields.tsx";
import { type BudgetForm, formOf, formOfDraft, newForm, periodsOf, previewOf, readForm } from "./budget-form.ts";
import { BudgetPreviewBox } from "./budget-preview.tsx";
import { budgetsQuery, planQuery, useChangeBudget } from "./budget-queries.ts";
import { LinkFields } from "./link-fields.tsx";
import { ScopeFields } from "./scope-fields.tsx";
import { TemplateFields } from "./template-fields.tsx";
import { WatcherFields } from "./watcher-fields.tsx";

interface BudgetPanelProps {
  /** The one that is changed; null makes a new one. */
  budget: Budget | null;
  onClose: () => void;
  onDone: (budget: Budget) => void;
}

/** Makes or changes a budget, and shows how it would stand while it is written. */
export function BudgetPanel({ budget, onClose, onDone }: BudgetPanelProps) {
  const company = useQuery(companyQuery);
  const [typed, setTyped] = useState<BudgetForm | null>(budget === null ? null : formOf(budget));
  const form = typed ?? newForm(company.data?.currency ?? "USD", serverClock.today());
  const change = (part: Partial<BudgetForm>) => setTyped({ ...form, ...part });
  const settled = useRested(form);
  const plan = useQuery(planQuery(settled.amountKind === "plan" ? settled.plan : "", periodsOf(settled)));
  const planned = plan.data?.amounts ?? [];
  const save = useChangeBudget(onDone);
  const read = readForm(form, planned);
  const needsReason = budget !== null && form.reason.trim() === "";
  const send = () => {
    if (read.input === null) return;
    save.mutate(
      budget === null
        ? { do: "create", input: read.input }
        : { do: "change", id: budget.id, input: { ...read.input, version: budget.version, reason: form.reason } },
    );
  };
  return (
    <SidePanel
      title={budget === null ? "New budget" : `Change ${budget.name}`}
      onClose={onClose}
      footer={
        <>
          <Button kind="primary" disabled={read.input === null || needsReason || save.isPending} onClick={send}>
            {budget === null ? "Make the budget" : "Save the change"}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          {(read.problem !== null || needsReason) && form.name !== "" && (
            <p className="w-full text-xs text-text-2">{read.problem ?? "Say why it changes."}</p>
          )}
        </>
      }
    >
      <div className="space-y-4">
        {budget === null && <TemplateFields form={form} onDraft={(draft) => change(formOfDraft(draft))} />}
        <TextField label="Name" value={form.name} maxLength={120} onChange={(name) => change({ name })} />
        <ScopeFields budget={budget} form={form} onChange={change} />
        <div className="grid grid-cols-2 gap-3">
          <Select
            label="Measure"
            value={form.measure}
            options={[
              { value: "effectiveCost", label: "Effective cost" },
              { value: "billedCost", label: "Billed cost" },
            ]}
            onChange={(measure) => change({ measure })}
          />
          <TextField label="Currency" value={form.currency} onChange={(currency) => change({ currency })} />
        </div>
        <AmountFields budget={budget} form={form} onChange={change} problems={plan.data?.problems ?? []} />
        <Place budget={budget} form={form} onChange={change} />
        <WatcherFields watchers={form.watchers} onChange={(watchers) => change({ watchers })} />
        <LinkFields links={form.links} onChange={(links) => change({ links })} />
        <TextArea label="Notes" value={form.notes} onChange={(notes) => change({ notes })} rows={2} maxLength={4000} />
        <TextField
          label={budget === null ? "Why, for who approves it or asks later" : "Why it changes"}
          value={form.reason}
          maxLength={500}
          onChange={(reason) => change({ reason })}
        />
        <BudgetPreviewBox draft={previewOf(settled, planned, budget?.id ?? null)} currency={form.currency} />
      </div>
    </SidePanel>
  );
}

/** Where it stands in the tree, and whose it is. */
function Place({
  budget,
  form,
  onChange,
}: {
  budget: Budget | null;
  form: BudgetForm;
  onChange: (part: Partial<BudgetForm>) => void;
}) {
  const budgets = useQuery(budgetsQuery);
  const seesPeople = useMay("members:read");
  const members = useQuery({ ...membersQuery, enabled: seesPeople });
  const above = (budgets.data ?? []).filter((one) => one.id !== budget?.id && one.currency === form.currency);
  return (
    <div className="grid grid-cols-2 gap-3">
      <Select
        label="Below"
        value={form.parentId}
        options={[
          { value: "", label: "No other budget" },
          ...above.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(parentId) => onChange({ parentId })}
      />
      {seesPeople && (
        <Select
          label="Owner"
          value={form.ownerId}
          options={[
            { value: "", label: budget?.owner.name ?? "Me" },
            ...(members.data ?? []).map(({ id, name, email }) => ({ value: id, label: name === "" ? email : name })),
          ]}
          onChange={(ownerId) => onChange({ ownerId })}
        />
      )}
    </div>
  );
}
