import { ChartFrame } from "@finops/ui/charts/chart-frame";
import { DivergingBars } from "@finops/ui/charts/diverging-bars";
import { Async, type Loadable } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatPeriod } from "@finops/ui/text/format-day";
import { useMemo } from "react";
import { goodDirection } from "../../lib/cost-words.ts";
import { type CostPart, kindOf, moversOf } from "./figures.ts";
import { MoversTable } from "./lazy-blocks.tsx";
import type { OverviewView } from "./overview-view.ts";
import type { OverviewNavigation } from "./use-overview-navigation.ts";
import type { Answered } from "./use-overview.ts";

interface MoversCardProps {
  movers: Loadable<Answered>;
  view: OverviewView;
  currency: string;
  navigation: OverviewNavigation;
}

const shownMax = 12;

/** What rose and what fell, in money: the services of the accounts that explain the change. */
export function MoversCard({ movers, view, currency, navigation: { drill, tableOf } }: MoversCardProps) {
  const parts = useMemo(
    () => (movers.data === undefined ? [] : moversOf(movers.data, currency).map(marked)),
    [movers.data, currency],
  );
  const against = view.comparison === null ? null : formatPeriod(view.comparison);
  const good = goodDirection(view.measure) === "up" ? "up" : "down";
  const open = ({ id }: { id: string }) => {
    const found = parts.find((part) => part.id === id);
    if (found !== undefined) drill(...found.conditions);
  };
  return (
    <ChartFrame
      title="What moved"
      about={
        against === null
          ? "Choose a period to compare with."
          : `${view.measureLabel} of ${formatPeriod(view.period)} against ${against}, by service and account`
      }
      {...tableOf("movers")}
      table={<MoversTable parts={parts} currency={currency} good={good} onOpen={open} />}
    >
      {() =>
        against === null ? (
          <p className="py-4 text-sm text-text-2">Nothing to compare with is chosen.</p>
        ) : (
          <Async of={movers} name="What moved" skeleton={<Skeleton className="h-[300px] w-full" />}>
            {({ view: asked }) =>
              asked.comparison === null ? (
                <p className="py-4 text-sm text-text-2">There are no bills of {against} to compare with.</p>
              ) : (
                <DivergingBars
                  description={`What rose and what fell, ${formatPeriod(asked.period)} against ${against}.`}
                  parts={parts}
                  currency={currency}
                  good={good}
                  countMax={shownMax}
                  onActivate={open}
                />
              )
            }
          </Async>
        )
      }
    </ChartFrame>
  );
}

/** What is new or gone says so in its name: a bar alone does not. */
function marked(part: CostPart): CostPart {
  const kind = kindOf(part);
  return kind === "new" || kind === "gone" ? { ...part, label: `${part.label} (${kind})` } : part;
}
