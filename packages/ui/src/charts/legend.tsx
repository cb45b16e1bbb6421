import type { Series } from "./series.ts";

interface LegendProps {
  series: readonly Series[];
  /** Says what the dashed line is. */
  previousLabel: string | null;
  onHighlight: (id: string | null) => void;
  /** Where an entry leads; without it, entries only bring their colour out. */
  onOpen?: (series: Series) => void;
}

/** What each colour is. Pointing at one brings it out; opening one drills into it. */
export function Legend({ series, previousLabel, onHighlight, onOpen }: LegendProps) {
  return (
    <ul className="flex flex-wrap gap-x-1 gap-y-0.5 text-xs" aria-label="Legend">
      {series.map((one) => (
        <li key={one.id} className="min-w-0">
          <button
            type="button"
            disabled={one.isOther}
            onPointerEnter={() => onHighlight(one.id)}
            onPointerLeave={() => onHighlight(null)}
            onFocus={() => onHighlight(one.id)}
            onBlur={() => onHighlight(null)}
            onClick={() => onOpen?.(one)}
            className="flex h-6 max-w-56 items-center gap-1.5 rounded-sm px-1.5 text-text-2 enabled:hover:bg-surface-3 enabled:hover:text-text-1"
            title={
              one.isOther
                ? "All that did not make it into the top"
                : onOpen === undefined
                  ? one.label
                  : `Show only ${one.label}`
            }
          >
            <span className="size-2.5 shrink-0 rounded-[2px]" style={{ background: one.colour }} />
            <span className="truncate" dir="auto">
              {one.label}
            </span>
          </button>
        </li>
      ))}
      {previousLabel !== null && (
        <li className="flex h-6 items-center gap-1.5 px-1.5 text-text-2">
          <svg width={16} height={2} aria-hidden>
            <line x1={0} x2={16} y1={1} y2={1} stroke="var(--text-2)" strokeWidth={1.5} strokeDasharray="4 3" />
          </svg>
          {previousLabel}
        </li>
      )}
    </ul>
  );
}
