import type { CostCatalog } from "@finops/capabilities/costs/contract";
import type { CostView, ViewPlan } from "@finops/capabilities/views/contract";
import type { Grain } from "@finops/kernel/buckets";
import { daysIn } from "@finops/kernel/period";
import { Button } from "@finops/ui/primitives/button";
import { Checkbox } from "@finops/ui/primitives/checkbox";
import { ChoiceMenu } from "@finops/ui/primitives/choice-menu";
import { Popover } from "@finops/ui/primitives/popover";
import { joinClasses } from "@finops/ui/text/join-classes";
import {
  ChartArea,
  ChartBarBig,
  ChartColumnStacked,
  ChartLine,
  ChartPie,
  EyeOff,
  Grid3x3,
  LayoutDashboard,
  SlidersHorizontal,
} from "lucide-react";
import { measureOf } from "../../lib/cost-view/measure-of.ts";
import { type Chart, possibleChart } from "../../lib/cost-view/possible-chart.ts";

interface ChartToolsProps {
  view: CostView;
  plan: ViewPlan;
  catalog: CostCatalog;
  onShow: (next: CostView) => void;
}

const charts: { value: Chart; label: string; icon: typeof ChartArea }[] = [
  { value: "area", label: "Stacked area", icon: ChartArea },
  { value: "bars", label: "Stacked bars", icon: ChartColumnStacked },
  { value: "line", label: "Lines", icon: ChartLine },
  { value: "ranking", label: "Ranking", icon: ChartBarBig },
  { value: "treemap", label: "Treemap", icon: LayoutDashboard },
  { value: "donut", label: "Donut", icon: ChartPie },
  { value: "heatmap", label: "Heatmap", icon: Grid3x3 },
  { value: "none", label: "No chart", icon: EyeOff },
];

/** How the chart draws: its kind, its grain, how many groups. */
export function ChartTools({ view, plan, catalog, onShow }: ChartToolsProps) {
  const measure = measureOf(catalog, view.measures[0]!);
  const chosen = possibleChart(view.chart, measure);
  const hasTime = ["area", "bars", "line", "heatmap"].includes(chosen);
  return (
    <>
      <div role="group" aria-label="Chart" className="flex rounded-md border border-line-strong bg-surface-2 p-0.5">
        {charts.map(({ value, label, icon: Icon }) => {
          const isPossible = possibleChart(value, measure) === value;
          return (
            <button
              key={value}
              type="button"
              aria-pressed={value === chosen}
              aria-label={label}
              title={isPossible ? label : `${label}: ${measure.label.toLowerCase()} does not add up to a whole`}
              disabled={!isPossible}
              onClick={() => onShow({ ...view, chart: value })}
              className={joinClasses(
                "grid h-7 w-8 place-items-center rounded-sm disabled:opacity-40",
                value === chosen
                  ? "bg-surface-1 text-text-1 shadow-[0_0_0_1px_var(--line-strong)]"
                  : "text-text-2 enabled:hover:text-text-1",
              )}
            >
              <Icon size={16} aria-hidden />
            </button>
          );
        })}
      </div>
      {hasTime && (
        <ChoiceMenu<Grain>
          label="By"
          value={plan.grain}
          choices={grainsFor(plan)}
          onChoose={(grain) => onShow({ ...view, grain })}
        />
      )}
      {chosen !== "none" && (
        <Popover
          label="How the chart draws"
          align="end"
          className="w-64 space-y-2 p-3"
          trigger={
            <Button
              kind="quiet"
              icon={<SlidersHorizontal size={16} aria-hidden />}
              title="Groups, running total, share"
              aria-label="Groups, running total, share"
            />
          }
        >
          <label className="flex items-center justify-between gap-3 text-sm">
            Groups in the chart
            <select
              value={view.top.count}
              onChange={(event) => onShow({ ...view, top: { ...view.top, count: Number(event.target.value) } })}
              className="h-8 rounded-md border border-line-strong bg-surface-1 px-2"
            >
              {[...new Set([5, 8, 10, 15, 20, 30, 50, view.top.count])]
                .toSorted((a, b) => a - b)
                .map((count) => (
                  <option key={count} value={count}>
                    {count}
                  </option>
                ))}
            </select>
          </label>
          <Checkbox
            label="The others together"
            checked={view.top.other}
            onChange={(other) => onShow({ ...view, top: { ...view.top, other } })}
          />
          {hasTime && (
            <Checkbox
              label="Running total"
              checked={view.runningTotal}
              isDisabled={!measure.additive}
              onChange={(runningTotal) => onShow({ ...view, runningTotal })}
            />
          )}
          <Checkbox label="Shares in the table" checked={view.share} onChange={(share) => onShow({ ...view, share })} />
        </Popover>
      )}
    </>
  );
}

const grains: { value: Grain; label: string; daysMax: number }[] = [
  { value: "hour", label: "hour", daysMax: 14 },
  { value: "day", label: "day", daysMax: 800 },
  { value: "week", label: "week", daysMax: 4000 },
  { value: "month", label: "month", daysMax: Infinity },
  { value: "quarter", label: "quarter", daysMax: Infinity },
  { value: "year", label: "year", daysMax: Infinity },
];

/** No grain that draws more places than there are pixels. */
function grainsFor(plan: ViewPlan) {
  const days = daysIn(plan.period);
  return grains.filter(({ value, daysMax }) => days <= daysMax || value === plan.grain);
}
