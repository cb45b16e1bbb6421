import { ChartFrame } from "@finops/ui/charts/chart-frame";
import { Donut } from "@finops/ui/charts/donut";
import { Treemap } from "@finops/ui/charts/treemap";
import { Segments } from "@finops/ui/primitives/segments";
import { Async, type Loadable } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatPeriod } from "@finops/ui/text/format-day";
import { useMemo } from "react";
import { type CostPart, partsOf, sumOf } from "./figures.ts";
import { GroupsTable } from "./lazy-blocks.tsx";
import type { OverviewSearch } from "./overview-search.ts";
import type { OverviewView } from "./overview-view.ts";
import type { OverviewNavigation } from "./use-overview-navigation.ts";
import type { Answered } from "./use-overview.ts";

interface BreakdownCardProps {
  groups: Loadable<Answered>;
  view: OverviewView;
  currency: string;
  /** Colour of each group that the trend shows on its own. */
  colours: ReadonlyMap<string, string>;
  search: OverviewSearch;
  navigation: OverviewNavigation;
}

const height = 320;

/** What the whole is made of, as a picture or exactly. */
export function BreakdownCard({ groups, view, currency, colours, search, navigation }: BreakdownCardProps) {
  const { change, drill, tableOf } = navigation;
  const shape = search.shape ?? "treemap";
  const parts = useMemo(
    () => (groups.data === undefined ? [] : partsOf(groups.data, currency, colours)),
    [groups.data, currency, colours],
  );
  const open = (part: { id: string }) => {
    const found = parts.find(({ id }) => id === part.id);
    if (found !== undefined && found.conditions.length > 0) drill(...found.conditions);
  };
  const description = `${view.measureLabel} by ${view.byLabel.toLowerCase()}, ${formatPeriod(view.period)}.`;
  return (
    <ChartFrame
      title={`By ${view.byLabel.toLowerCase()}`}
      about={`${view.measureLabel}, ${formatPeriod(view.period)}. Choose one to see what is behind it.`}
      height={height}
      legend={parts.filter(({ id }) => colours.has(id)).map(({ label, colour }) => ({ label, colour: colour! }))}
      {...tableOf("breakdown")}
      actions={<Segments label="Shape" value={shape} options={shapes} onChoose={(next) => change({ shape: next })} />}
      table={
        <Async of={groups} name="The table" skeleton={<BreakdownSkeleton />}>
          {(data) => <GroupsTable groups={data} currency={currency} colours={colours} onDrill={drill} />}
        </Async>
      }
    >
      {(tall) => (
        <Async
          of={groups}
          name="The breakdown"
          skeleton={<BreakdownSkeleton />}
          isEmpty={() => parts.length === 0}
          empty={<p className="py-4 text-sm text-text-2">No charges.</p>}
        >
          {() =>
            shape === "treemap" ? (
              <Treemap description={description} parts={parts} currency={currency} height={tall} onActivate={open} />
            ) : (
              <Donut
                description={description}
                parts={withRest(parts)}
                currency={currency}
                height={tall}
                onActivate={open}
              />
            )
          }
        </Async>
      )}
    </ChartFrame>
  );
}

const shapes = [
  { value: "treemap", label: "Map" },
  { value: "donut", label: "Ring" },
] as const;

const slicesMax = 9;

/** A ring tells a dozen slices apart; the others are one. */
function withRest(parts: readonly CostPart[]): CostPart[] {
  if (parts.length <= slicesMax + 1) return [...parts];
  const rest = parts.slice(slicesMax);
  return [
    ...parts.slice(0, slicesMax),
    { id: "(other)", label: `${rest.length} others`, value: sumOf(rest), isOther: true, conditions: [] },
  ];
}

function BreakdownSkeleton() {
  return (
    <div className="p-4">
      <Skeleton className="h-[288px] w-full" />
    </div>
  );
}
