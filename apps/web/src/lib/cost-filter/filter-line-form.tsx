import { TextField } from "@finops/ui/primitives/text-field";
import { ChoiceMenu } from "@finops/ui/primitives/choice-menu";
import { focusOnce } from "./focus-once.ts";
import type { FilterLine, Operator } from "./filter-tree.ts";
import { operators } from "./filter-tree.ts";
import type { ValueScope } from "./use-values.ts";
import { ValuePicker } from "./value-picker.tsx";

interface FilterLineFormProps {
  line: FilterLine;
  label: string;
  scope: ValueScope;
  onChange: (line: FilterLine) => void;
}

/** One test: how, and against what. */
export function FilterLineForm({ line, label, scope, onChange }: FilterLineFormProps) {
  const hasText = /^(contains|starts)/.test(line.operator);
  return (
    <div className="space-y-2">
      <ChoiceMenu<Operator>
        label={label}
        value={line.operator}
        choices={operators.map(({ id, label: name }) => ({ value: id, label: name }))}
        onChoose={(operator) => onChange({ ...line, operator })}
      />
      {(line.operator === "is" || line.operator === "is-not") && (
        <ValuePicker
          dimension={line.dimension}
          label={label}
          scope={scope}
          chosen={line.values}
          onChoose={(values) => onChange({ ...line, values })}
        />
      )}
      {hasText && (
        <TextField
          label="Text, in any case"
          value={line.text}
          onChange={(text) => onChange({ ...line, text })}
          ref={focusOnce}
        />
      )}
      {line.operator === "between" && (
        <div className="flex gap-2">
          <TextField
            label="From (in)"
            value={line.from}
            onChange={(from) => onChange({ ...line, from })}
            ref={focusOnce}
          />
          <TextField label="Up to (out)" value={line.to} onChange={(to) => onChange({ ...line, to })} />
        </div>
      )}
    </div>
  );
}
