import { addDays, addMonths, type Day, daysIn } from "@finops/kernel/period";
import { formatDay } from "@finops/ui/text/format-day";
import { formatCount } from "@finops/ui/text/format-figure";

/** The days of a month as a strip of squares: those without usage stay empty, and stand out between others that have some. */
export function DaySquares({ month, days }: { month: Day; days: Readonly<Record<Day, number>> }) {
  const known = Object.keys(days).toSorted();
  const end = addMonths(month, 1);
  const all = Array.from({ length: daysIn({ start: month, end }) }, (_, index) => addDays(month, index));
  return (
    <ol className="flex flex-wrap gap-1" aria-label="Days with usage">
      {all.map((day) => {
        const rows = days[day] ?? 0;
        const isGap = rows === 0 && day > known[0]! && day < known.at(-1)!;
        const words = `${formatDay(day, "day")}: ${rows === 0 ? "no usage" : `${formatCount(rows)} rows of usage`}`;
        const look = rows > 0 ? "bg-accent" : isGap ? "border border-dashed border-warning" : "scale-25 bg-line-strong";
        return (
          <li key={day}>
            <span role="img" aria-label={words} title={words} className={`block size-4 rounded-[3px] ${look}`} />
          </li>
        );
      })}
    </ol>
  );
}
