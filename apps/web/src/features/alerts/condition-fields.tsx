import type { ConditionKind, EventSource } from "@finops/capabilities/alerts/contract";
import { Button } from "@finops/ui/primitives/button";
import { Select } from "@finops/ui/primitives/select";
import { TextField } from "@finops/ui/primitives/text-field";
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { FilterField } from "../../lib/cost-filter/filter-field.tsx";
import { budgetNamesQuery } from "./alert-queries.ts";
import { conditionWords, eventWords } from "./alert-words.ts";
import type { ConditionForm } from "./rule-form.ts";

interface ConditionFieldsProps {
  condition: ConditionForm;
  onChange: (part: Partial<ConditionForm>) => void;
  /** Left out where it is the only one. */
  onRemove?: (() => void) | undefined;
}

const kinds = Object.entries(conditionWords).map(([value, label]) => ({ value: value as ConditionKind, label }));
const events = Object.entries(eventWords).map(([value, label]) => ({ value: value as EventSource, label }));
const dimensions = [
  { value: "serviceName", label: "Each service by itself" },
  { value: "subAccountId", label: "Each account by itself" },
  { value: "regionId", label: "Each region by itself" },
  { value: "providerName", label: "Each provider by itself" },
];
/** Which fields each kind has beside its own. */
const hasCosts: ReadonlySet<ConditionKind> = new Set(["cost-above", "cost-change", "new-value", "anomaly"]);
const hasFilter: ReadonlySet<ConditionKind> = new Set([...hasCosts, "no-data", "missing-days"]);
const hasLeast: ReadonlySet<ConditionKind> = new Set(["cost-change", "new-value", "anomaly"]);

/** One condition of a rule. */
export function ConditionFields({ condition, onChange, onRemove }: ConditionFieldsProps) {
  const { kind, currency } = condition;
  return (
    <fieldset className="space-y-3 rounded-md border border-line p-3">
      <legend className="sr-only">Condition: {conditionWords[kind]}</legend>
      <div className="flex items-end gap-2">
        <Select
          label="When"
          className="flex-1"
          value={kind}
          options={kinds}
          onChange={(next) => onChange({ kind: next })}
        />
        {onRemove !== undefined && (
          <Button
            kind="quiet"
            icon={<X size={16} aria-hidden />}
            aria-label="Remove the condition"
            title="Remove the condition"
            onClick={onRemove}
          />
        )}
      </div>
      {hasFilter.has(kind) && <FilterField filter={condition.filter} onChange={(filter) => onChange({ filter })} />}
      {(kind === "budget" || kind === "budget-pace") && <BudgetFields condition={condition} onChange={onChange} />}
      {hasCosts.has(kind) && (
        <div className="grid grid-cols-2 gap-3">
          <Select
            label="Looked at"
            value={kind === "new-value" && condition.by === "" ? "serviceName" : condition.by}
            options={kind === "new-value" ? dimensions : [{ value: "", label: "All together" }, ...dimensions]}
            onChange={(by) => onChange({ by })}
          />
          <TextField label="Currency" value={currency} onChange={(next) => onChange({ currency: next })} />
        </div>
      )}
      {kind === "cost-above" && (
        <div className="grid grid-cols-2 gap-3">
          <Select
            label="In"
            value={condition.window}
            options={[
              { value: "day", label: "A day" },
              { value: "week", label: "Seven days" },
              { value: "month", label: "The month so far" },
            ]}
            onChange={(window) => onChange({ window })}
          />
          <Amount label={`Over, in ${currency}`} value={condition.above} onChange={(above) => onChange({ above })} />
        </div>
      )}
      {kind === "cost-change" && (
        <div className="grid grid-cols-3 gap-3">
          <Select
            label="They"
            value={condition.direction}
            options={[
              { value: "rise", label: "Rise" },
              { value: "fall", label: "Fall" },
            ]}
            onChange={(direction) => onChange({ direction })}
          />
          <Amount label="By over, in %" value={condition.above} onChange={(above) => onChange({ above })} />
          <Amount label="In days" value={condition.days} onChange={(days) => onChange({ days })} />
        </div>
      )}
      {kind === "no-data" && (
        <Amount label="For more days than" value={condition.days} onChange={(days) => onChange({ days })} />
      )}
      {kind === "event" && (
        <>
          <Select label="Which" value={condition.source} options={events} onChange={(source) => onChange({ source })} />
          <Amount label="For at least so many days" value={condition.days} onChange={(days) => onChange({ days })} />
        </>
      )}
      {kind === "credential-expiring" && (
        <Amount label="Within days" value={condition.days} onChange={(days) => onChange({ days })} />
      )}
      {kind === "anomaly" && (
        <Select
          label="How soon"
          value={condition.sensitivity}
          options={[
            { value: "low", label: "Only what is very unusual" },
            { value: "medium", label: "What is unusual" },
            { value: "high", label: "Whatever is a little unusual" },
          ]}
          onChange={(sensitivity) => onChange({ sensitivity })}
        />
      )}
      {hasLeast.has(kind) && (
        <Amount
          label={`Not below, in ${currency} (or any)`}
          value={condition.leastAmount}
          onChange={(leastAmount) => onChange({ leastAmount })}
        />
      )}
      {(kind === "cost-above" || kind === "cost-change" || kind === "budget" || kind === "budget-pace") && (
        <Amount
          label="Resolved only at or below (or its threshold)"
          value={condition.clearAt}
          onChange={(clearAt) => onChange({ clearAt })}
        />
      )}
    </fieldset>
  );
}

function BudgetFields({ condition, onChange }: Pick<ConditionFieldsProps, "condition" | "onChange">) {
  const budgets = useQuery(budgetNamesQuery);
  return (
    <div className="grid grid-cols-2 gap-3">
      <Select
        label="Budget"
        className="col-span-2"
        value={condition.budgetId}
        options={[
          { value: "", label: "Every budget" },
          ...(budgets.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(budgetId) => onChange({ budgetId })}
      />
      {condition.kind === "budget" && (
        <Select
          label="Its"
          value={condition.figure}
          options={[
            { value: "actual", label: "Spending" },
            { value: "expected", label: "Expected end" },
          ]}
          onChange={(figure) => onChange({ figure })}
        />
      )}
      <Amount
        label={condition.kind === "budget" ? "Over, in % of the limit" : "Ahead of an even pace, in %"}
        value={condition.above}
        onChange={(above) => onChange({ above })}
      />
    </div>
  );
}

function Amount(props: { label: string; value: string; onChange: (value: string) => void }) {
  return <TextField {...props} inputMode="decimal" />;
}
