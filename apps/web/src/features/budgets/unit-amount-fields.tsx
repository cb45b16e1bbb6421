import type { Budget } from "@finops/capabilities/budgets/contract";
import { Select } from "@finops/ui/primitives/select";
import { TextField } from "@finops/ui/primitives/text-field";
import { useQuery } from "@tanstack/react-query";
import { unitMetricsQuery } from "../../lib/unit-metrics.ts";
import type { BudgetForm } from "./budget-form.ts";

interface UnitAmountFieldsProps {
  budget: Budget | null;
  form: BudgetForm;
  onChange: (part: Partial<BudgetForm>) => void;
}

/** Which unit metric the limit follows, and what each that it counts may cost. */
export function UnitAmountFields({ budget, form, onChange }: UnitAmountFieldsProps) {
  const metrics = useQuery(unitMetricsQuery);
  const found = metrics.data ?? [];
  const kept = budget?.amount.kind === "unit" ? budget.amount : null;
  // One that is gone stays what it is until another is chosen.
  const stays = kept !== null && !found.some(({ id }) => id === kept.metricId);
  const chosen =
    found.find(({ id }) => id === form.metricId) ?? (kept?.metricId === form.metricId ? kept.metric : null);
  return (
    <div>
      <div className="grid grid-cols-2 gap-3">
        <Select
          label="Unit metric"
          value={form.metricId}
          options={[
            { value: "", label: "Choose one" },
            ...(stays ? [{ value: kept.metricId, label: kept.metric.name }] : []),
            ...found.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(metricId) => onChange({ metricId })}
        />
        <TextField
          label={`${form.currency} for each ${chosen?.unitOne ?? "of it"}`}
          inputMode="decimal"
          placeholder="0.40"
          value={form.amount}
          onChange={(amount) => onChange({ amount })}
        />
      </div>
      <p className="mt-1 text-xs text-text-2">
        {metrics.data?.length === 0
          ? "There is no unit metric yet. Make one under Unit costs."
          : "The limit of a period is the price for what the metric counts in it. The budget follows its values."}
      </p>
    </div>
  );
}
