import type { ReportItem } from "@finops/capabilities/reports/contract";

const margin = 4;
const gap = 2.5;
const heights: Record<ReportItem["kind"], number> = { text: 2, figure: 5, chart: 16, table: 12 };

/** The items of a report from far away: a page with its blocks. */
export function ReportPicture({ items }: { items: readonly ReportItem[] }) {
  const tops = items.reduce((ends, item) => [...ends, ends.at(-1)! + heights[item.kind] + gap], [margin]);
  const height = Math.max(50, tops.at(-1)!);
  return (
    <svg viewBox={`0 0 60 ${height}`} className="h-full w-full" preserveAspectRatio="xMidYMin meet">
      <rect width={60} height={height} rx={1.5} fill="var(--surface-1)" stroke="var(--line-strong)" strokeWidth={0.5} />
      {items.map(({ id, kind }, index) => (
        <rect
          key={id}
          x={5}
          y={tops[index]}
          width={kind === "figure" ? 22 : 50}
          height={heights[kind]}
          rx={0.8}
          fill={kind === "chart" ? "var(--accent-soft)" : "var(--surface-3)"}
        />
      ))}
    </svg>
  );
}
