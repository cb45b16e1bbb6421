import type { CostCatalog } from "@finops/capabilities/costs/contract";
import type { Day, Period } from "@finops/kernel/period";
import { PeriodPicker } from "@finops/ui/period/period-picker";
import { type Comparison, comparisonPeriod } from "@finops/ui/period/presets";
import { ChoiceMenu } from "@finops/ui/primitives/choice-menu";
import { SearchMenu, type SearchChoice } from "@finops/ui/primitives/search-menu";
import { formatPeriod } from "@finops/ui/text/format-day";
import { Layers } from "lucide-react";
import { useMemo } from "react";
import { isStackable, shortLabels } from "../../lib/cost-words.ts";
import type { OverviewSearch } from "./overview-search.ts";
import type { OverviewView } from "./overview-view.ts";
import type { OverviewNavigation } from "./use-overview-navigation.ts";

interface OverviewToolsProps {
  view: OverviewView;
  search: OverviewSearch;
  catalog: CostCatalog;
  available: Period;
  today: Day;
  currencies: readonly string[];
  currency: string | null;
  navigation: OverviewNavigation;
}

/** Measure, currency, comparison and period: what holds for every figure of the page. */
export function OverviewTools({
  view,
  search,
  catalog,
  available,
  today,
  currencies,
  currency,
  navigation: { change },
}: OverviewToolsProps) {
  const comparisons: Comparison[] = ["before", "last-year", "none"];
  return (
    <div className="flex flex-wrap items-center gap-2">
      <ChoiceMenu
        label="Measure"
        value={view.measure}
        choices={catalog.measures.filter(isStackable).map(({ name, label, about }) => ({ value: name, label, about }))}
        onChoose={(measure) => change({ measure: measure === "effectiveCost" ? undefined : measure })}
      />
      {currencies.length > 1 && currency !== null && (
        <ChoiceMenu
          label="In"
          value={currency}
          choices={currencies.map((value) => ({ value, label: value }))}
          onChoose={(value) => change({ currency: value })}
        />
      )}
      <ChoiceMenu
        label="Against"
        value={search.compare ?? "before"}
        choices={comparisons.map((value) => {
          const period = comparisonPeriod(view.period, value);
          return { value, label: comparisonLabels[value], ...(period === null ? {} : { about: formatPeriod(period) }) };
        })}
        onChoose={(value) => change({ compare: value === "before" ? undefined : value })}
      />
      <PeriodPicker
        value={view.preset === null ? { period: view.period } : { preset: view.preset }}
        available={available}
        today={today}
        onChoose={(choice) =>
          change(
            "preset" in choice
              ? { preset: choice.preset, from: undefined, to: undefined, grain: undefined }
              : { preset: undefined, from: choice.period.start, to: choice.period.end, grain: undefined },
          )
        }
      />
    </div>
  );
}

const comparisonLabels: Record<Comparison, string> = {
  before: "period before",
  "last-year": "last year",
  none: "nothing",
};

export function GroupByMenu({
  view,
  catalog,
  navigation: { change },
}: {
  view: OverviewView;
  catalog: CostCatalog;
  navigation: OverviewNavigation;
}) {
  const choices = useMemo(() => dimensionChoices(catalog), [catalog]);
  return (
    <SearchMenu
      label="By"
      value={view.by}
      valueLabel={view.byLabel}
      icon={<Layers size={16} aria-hidden className="text-text-3" />}
      choices={choices}
      placeholder="Find a dimension or tag"
      onChoose={(by) => change({ by })}
    />
  );
}

/** What people ask for most, then the company's tags, then every column of FOCUS. Times are the chart's own axis. */
function dimensionChoices(catalog: CostCatalog): SearchChoice[] {
  const known = catalog.dimensions.filter(
    (one) => !["hour", "day", "week", "month", "quarter", "year"].includes(one.name),
  );
  return [
    ...Object.entries(shortLabels)
      .filter(([name]) => known.some((one) => one.name === name))
      .map(([value, label]) => ({ value, label, group: "Most asked" })),
    ...catalog.tagKeys.map((key) => ({ value: `tag:${key}`, label: key, group: "Tags" })),
    ...known
      .filter((one) => !(one.name in shortLabels))
      .map((one) => ({ value: one.name, label: one.label, group: "All dimensions" })),
  ];
}
