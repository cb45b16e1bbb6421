import { formatDay } from "@finops/ui/text/format-day";
import { joinClasses } from "@finops/ui/text/join-classes";
import { type MonthState, monthWords, type SourceMonth } from "./source-months.ts";

const looks: Record<MonthState, string> = {
  complete: "bg-accent",
  running: "border border-accent bg-gradient-to-t from-accent from-50% to-transparent to-50%",
  restated: "border-2 border-accent bg-accent-soft",
  rejected: "border-2 border-negative bg-negative-soft",
  gaps: "border border-warning bg-gradient-to-r from-accent from-55% to-transparent to-55%",
  missing: "border border-dashed border-warning",
  outside: "scale-25 bg-line-strong",
};

/** A source's months as a strip of squares: a gap is seen before it is missed. Each that is there leads to its version. */
export function MonthSquares({
  months,
  onOpen,
}: {
  months: readonly SourceMonth[];
  onOpen: (versionId: string) => void;
}) {
  return (
    <ol className="flex gap-1">
      {months.map(({ month, state, version, missingDays }) => {
        const lacks = missingDays.length === 0 ? "" : ` (${missingDays.map((day) => Number(day.slice(8))).join(", ")})`;
        const words = `${formatDay(month, "month-short")}: ${monthWords[state]}${lacks}${version !== null && version.number > 1 ? `, version ${version.number}` : ""}`;
        const square = joinClasses("block size-4 rounded-[3px]", looks[state]);
        return (
          <li key={month}>
            {version === null ? (
              <span role="img" aria-label={words} title={words} className={square} />
            ) : (
              <button
                type="button"
                aria-label={words}
                title={words}
                className={joinClasses(square, "cursor-pointer hover:opacity-75")}
                onClick={() => onOpen(version.id)}
              />
            )}
          </li>
        );
      })}
    </ol>
  );
}

const legend = ["complete", "running", "restated", "rejected", "gaps", "missing"] as const;

export function MonthLegend() {
  return (
    <ul aria-label="What the squares mean" className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-text-2">
      {legend.map((state) => (
        <li key={state} className="flex items-center gap-1.5">
          <span aria-hidden className={joinClasses("size-3 rounded-[3px]", looks[state])} />
          {monthWords[state]}
        </li>
      ))}
    </ul>
  );
}
