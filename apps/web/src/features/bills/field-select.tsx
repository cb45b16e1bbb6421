interface FieldSelectProps {
  label: string;
  value: string;
  choices: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}

/** One of many values: the system's own list, which every keyboard and every phone knows. */
export function FieldSelect({ label, value, choices, onChange }: FieldSelectProps) {
  return (
    <label className="block max-w-full text-sm">
      <span className="text-xs font-medium">{label}</span>
      <select
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="mt-1 block h-8 w-72 max-w-full rounded-md border border-line-strong bg-surface-1 px-2"
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  );
}
