import type { Budget } from "@finops/capabilities/budgets/contract";
import { Select } from "@finops/ui/primitives/select";
import { useQuery } from "@tanstack/react-query";
import { FilterField } from "../../lib/cost-filter/filter-field.tsx";
import { unitsQuery } from "../../lib/people-queries.ts";
import { savedViewsQuery } from "../../lib/saved-views.ts";
import { useMay } from "../../lib/session.ts";
import { unitPath } from "../../lib/unit-path.ts";
import type { BudgetForm } from "./budget-form.ts";

interface ScopeFieldsProps {
  budget: Budget | null;
  form: BudgetForm;
  onChange: (part: Partial<BudgetForm>) => void;
}

/** Which costs it is about: those that a filter says, those of a unit, or those of a view that the company shares. */
export function ScopeFields({ budget, form, onChange }: ScopeFieldsProps) {
  const seesUnits = useMay("members:read");
  const units = useQuery({ ...unitsQuery, enabled: seesUnits && form.scopeKind === "unit" });
  const views = useQuery({ ...savedViewsQuery, enabled: form.scopeKind === "view" });
  const kinds = [
    { value: "filter" as const, label: "A filter, such as a tag" },
    ...(seesUnits || form.scopeKind === "unit" ? [{ value: "unit" as const, label: "A unit or cost center" }] : []),
    { value: "view" as const, label: "A saved view" },
  ];
  const found =
    form.scopeKind === "unit"
      ? (units.data ?? []).map(({ id }) => ({ value: id, label: unitPath(units.data ?? [], id) }))
      : (views.data ?? [])
          .filter(({ visibility }) => visibility === "company")
          .map(({ id, name }) => ({ value: id, label: name }));
  const kept = budget !== null && budget.scope.kind !== "filter" ? budget.scope : null;
  // One that is gone, or that the person may not list, stays what it is until another is chosen.
  const stays = kept?.kind === form.scopeKind && !found.some(({ value }) => value === kept.id);
  return (
    <div className="space-y-3">
      <Select
        label="Costs of"
        value={form.scopeKind}
        options={kinds}
        onChange={(scopeKind) => onChange({ scopeKind, scopeId: kept?.kind === scopeKind ? kept.id : "" })}
      />
      {form.scopeKind === "filter" ? (
        <FilterField filter={form.filter} onChange={(filter) => onChange({ filter })} />
      ) : (
        <div>
          <Select
            label={form.scopeKind === "unit" ? "Unit, with all below it" : "View that the company shares"}
            value={form.scopeId}
            options={[
              { value: "", label: "Choose one" },
              ...(stays ? [{ value: kept.id, label: kept.name }] : []),
              ...found.toSorted((a, b) => a.label.localeCompare(b.label)),
            ]}
            onChange={(scopeId) => onChange({ scopeId })}
          />
          <p className="mt-1 text-xs text-text-2">
            {form.scopeKind === "unit"
              ? "The budget follows the accounts that the unit and those below it have."
              : "The budget follows the view's filter, not its period or its groups."}
          </p>
        </div>
      )}
    </div>
  );
}
