import { X } from "lucide-react";

/** A filter that is in force, and the way to lift it. */
export function FilterChip({ name, value, onRemove }: { name: string; value: string; onRemove: () => void }) {
  return (
    <span className="inline-flex h-7 max-w-full items-center gap-1 rounded-md bg-accent-soft pr-1 pl-2 text-sm text-accent">
      <span className="shrink-0 opacity-80">{name}</span>
      <span className="truncate font-medium" dir="auto" title={value}>
        {value}
      </span>
      <button
        type="button"
        aria-label={`Remove the filter ${name} ${value}`}
        onClick={onRemove}
        className="grid size-6 place-items-center rounded-sm hover:bg-surface-1"
      >
        <X size={14} aria-hidden />
      </button>
    </span>
  );
}
