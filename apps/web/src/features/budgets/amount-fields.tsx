import type { Budget, ParsedPlan } from "@finops/capabilities/budgets/contract";
import { Select } from "@finops/ui/primitives/select";
import { TextArea } from "@finops/ui/primitives/text-area";
import { TextField } from "@finops/ui/primitives/text-field";
import { TableFile } from "../../lib/table-file/table-file.tsx";
import type { BudgetForm } from "./budget-form.ts";
import { UnitAmountFields } from "./unit-amount-fields.tsx";

interface AmountFieldsProps {
  budget: Budget | null;
  form: BudgetForm;
  problems: ParsedPlan["problems"];
  onChange: (part: Partial<BudgetForm>) => void;
}

/** How often, how much, and what goes on into the next period. */
export function AmountFields({ budget, form, problems, onChange }: AmountFieldsProps) {
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <Select
          label="For"
          className="col-span-2"
          value={form.grain}
          options={[
            { value: "month", label: "Each month" },
            { value: "quarter", label: "Each quarter" },
            { value: "year", label: "Each year" },
            { value: "custom", label: "Chosen days" },
          ]}
          onChange={(grain) => onChange({ grain })}
        />
        <TextField label="From" type="date" value={form.start} onChange={(start) => onChange({ start })} />
        <TextField
          label={form.grain === "custom" ? "Until before" : "Until before (or never)"}
          type="date"
          value={form.end}
          onChange={(end) => onChange({ end })}
        />
      </div>
      <div className="grid grid-cols-2 gap-3">
        <Select
          label="Amount"
          value={form.amountKind}
          options={[
            { value: "fixed", label: "The same each time" },
            { value: "growing", label: "Growing by percent" },
            { value: "plan", label: "A plan" },
            { value: "children", label: "Sum of those below" },
            { value: "unit", label: "Following a unit metric" },
          ]}
          onChange={(amountKind) => onChange({ amountKind })}
        />
        {(form.amountKind === "fixed" || form.amountKind === "growing") && (
          <TextField
            label={`In ${form.currency}`}
            inputMode="decimal"
            placeholder="1200.00"
            value={form.amount}
            onChange={(amount) => onChange({ amount })}
          />
        )}
        {form.amountKind === "growing" && (
          <TextField
            label="Percent each period"
            inputMode="decimal"
            placeholder="2.5"
            value={form.percent}
            onChange={(percent) => onChange({ percent })}
          />
        )}
      </div>
      {form.amountKind === "unit" && <UnitAmountFields budget={budget} form={form} onChange={onChange} />}
      {form.amountKind === "plan" && (
        <div>
          <TextArea
            label="The plan, as it is copied from a spreadsheet or a CSV file"
            rows={6}
            about="A period and an amount in each row, such as 2026-01 and 1200.00."
            value={form.plan}
            onChange={(plan) => onChange({ plan })}
          />
          <TableFile of="plan" onRead={(plan) => onChange({ plan })} />
          {problems.length > 0 && (
            <div role="alert" className="mt-1 text-xs text-negative">
              <ul>
                {problems.slice(0, 8).map(({ row, reason }) => (
                  <li key={row}>
                    Row {row}: {reason}
                  </li>
                ))}
              </ul>
            </div>
          )}
        </div>
      )}
      <div className="grid grid-cols-2 gap-3">
        <Select
          label="Into the next period"
          value={form.rollover}
          options={[
            { value: "none", label: "Nothing" },
            { value: "unused", label: "What is left" },
            { value: "overspend", label: "What is over" },
            { value: "both", label: "Both" },
          ]}
          onChange={(rollover) => onChange({ rollover })}
        />
        {form.rollover !== "none" && (
          <TextField
            label="At most (or all of it)"
            inputMode="decimal"
            value={form.cap}
            onChange={(cap) => onChange({ cap })}
          />
        )}
      </div>
    </>
  );
}
