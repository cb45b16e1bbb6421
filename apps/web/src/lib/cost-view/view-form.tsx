import type { CostCatalog } from "@finops/capabilities/costs/contract";
import {
  type CostView,
  formatFilterText,
  parseFilterText,
  viewPeriod,
  type ViewMoment,
} from "@finops/capabilities/views/contract";
import { type Comparison, presetLabels, presetIds } from "@finops/ui/period/presets";
import { Select } from "@finops/ui/primitives/select";
import { TextField } from "@finops/ui/primitives/text-field";
import { formatPeriod } from "@finops/ui/text/format-day";
import { useMemo, useState } from "react";
import { fieldsOf } from "../field-groups.ts";
import { measureOf } from "./measure-of.ts";
import { type Chart, possibleChart } from "./possible-chart.ts";
import type { Shows } from "./use-view-answers.ts";

interface ViewFormProps {
  view: CostView;
  shows: Shows;
  catalog: CostCatalog;
  moment: ViewMoment;
  onChange: (view: CostView) => void;
}

const nothing = "(nothing)";
const fixedDays = "(days)";

const chartNames: { value: Exclude<Chart, "none">; label: string }[] = [
  { value: "area", label: "Stacked area" },
  { value: "bars", label: "Stacked bars" },
  { value: "line", label: "Lines" },
  { value: "ranking", label: "Ranking" },
  { value: "treemap", label: "Treemap" },
  { value: "donut", label: "Donut" },
  { value: "heatmap", label: "Heatmap" },
];

const grainNames = [
  { value: "auto", label: "By the length of the period" },
  { value: "day", label: "Day" },
  { value: "week", label: "Week" },
  { value: "month", label: "Month" },
  { value: "quarter", label: "Quarter" },
] as const;

const comparisons: { value: Comparison | typeof fixedDays; label: string }[] = [
  { value: "before", label: "The period before" },
  { value: "last-year", label: "The year before" },
  { value: "none", label: "Nothing" },
];

/** A view in a few fields: what is measured, of what, over which days, drawn how. The explorer has all of it. */
export function ViewForm({ view, shows, catalog, moment, onChange }: ViewFormProps) {
  const [measure] = view.measures;
  const chart = possibleChart(view.chart, measureOf(catalog, measure!));
  const isOverTime = ["area", "bars", "line", "heatmap"].includes(chart);
  return (
    <div className="space-y-3">
      <Select
        label="Measure"
        value={measure!}
        options={catalog.measures.map((one) => ({ value: one.name as typeof measure & string, label: one.label }))}
        onChange={(name) =>
          onChange({ ...view, measures: [name, ...view.measures.slice(1).filter((one) => one !== name)] })
        }
      />
      <p className="text-xs text-text-2">{measureOf(catalog, measure!).about}</p>
      {shows !== "figure" && <GroupFields view={view} shows={shows} catalog={catalog} onChange={onChange} />}
      <FilterField view={view} onChange={onChange} />
      <Select
        label="Period"
        value={"preset" in view.period ? view.period.preset : fixedDays}
        options={[
          ...presetIds.map((value) => ({ value, label: presetLabels[value] })),
          ...("preset" in view.period ? [] : [{ value: fixedDays, label: formatPeriod(view.period) } as const]),
        ]}
        onChange={(preset) => preset !== fixedDays && onChange({ ...view, period: { preset } })}
      />
      <p className="text-xs text-text-2">Now {formatPeriod(viewPeriod(view, moment))}.</p>
      <Select
        label="Held against"
        value={typeof view.comparison === "string" ? view.comparison : fixedDays}
        options={
          typeof view.comparison === "string"
            ? comparisons
            : [...comparisons, { value: fixedDays, label: formatPeriod(view.comparison) }]
        }
        onChange={(comparison) => comparison !== fixedDays && onChange({ ...view, comparison })}
      />
      {shows === "chart" && (
        <>
          <Select
            label="Drawn as"
            value={chart === "none" ? "ranking" : chart}
            options={chartNames.filter(({ value }) => possibleChart(value, measureOf(catalog, measure!)) === value)}
            onChange={(next) => onChange({ ...view, chart: next })}
          />
          {isOverTime && (
            <Select<string>
              label="One mark for each"
              value={view.grain ?? "auto"}
              options={
                grainNames.some(({ value }) => value === (view.grain ?? "auto"))
                  ? grainNames
                  : [...grainNames, { value: view.grain!, label: view.grain! }]
              }
              onChange={(grain) => {
                const { grain: _, ...rest } = view;
                onChange(grain === "auto" ? rest : { ...rest, grain: grain as NonNullable<CostView["grain"]> });
              }}
            />
          )}
        </>
      )}
    </div>
  );
}

function GroupFields({ view, shows, catalog, onChange }: Omit<ViewFormProps, "moment">) {
  const fields = useMemo(() => fieldsOf(catalog), [catalog]);
  const options = [
    { value: nothing, label: "Nothing: all together" },
    ...fields.map(({ name, label, group }) => ({ value: name, label: group === "Tags" ? `Tag ${label}` : label })),
  ];
  const [first, second] = view.groupBy;
  const choose = (groupBy: string[]) => onChange({ ...view, groupBy, sort: { by: "value", direction: "desc" } });
  return (
    <>
      <Select
        label="Grouped by"
        value={first ?? nothing}
        options={options}
        onChange={(name) =>
          choose(name === nothing ? [] : [name, ...(second === undefined || second === name ? [] : [second])])
        }
      />
      {shows === "table" && first !== undefined && (
        <Select
          label="Then by"
          value={second ?? nothing}
          options={options.filter(({ value }) => value !== first)}
          onChange={(name) => choose(name === nothing ? [first] : [first, name])}
        />
      )}
    </>
  );
}

function FilterField({ view, onChange }: Pick<ViewFormProps, "view" | "onChange">) {
  const [typed, setTyped] = useState(() => (view.filter === undefined ? "" : formatFilterText(view.filter)));
  const error = problemOf(typed);
  return (
    <TextField
      label="Only charges with"
      value={typed}
      placeholder="serviceName = 'Amazon EC2' and tag:team = web"
      error={error}
      onChange={(next) => {
        setTyped(next);
        if (problemOf(next) !== null) return;
        const { filter: _, ...rest } = view;
        onChange(next.trim() === "" ? rest : { ...rest, filter: parseFilterText(next) });
      }}
    />
  );
}

function problemOf(text: string): string | null {
  if (text.trim() === "") return null;
  try {
    parseFilterText(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : "This cannot be read.";
  }
}
