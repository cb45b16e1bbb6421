import type { CostCatalog } from "@finops/capabilities/costs/contract";
import { Breadcrumb } from "@finops/ui/primitives/breadcrumb";
import { Button } from "@finops/ui/primitives/button";
import { FilterChip } from "@finops/ui/primitives/chip";
import { dimensionLabel, valueLabel } from "../../lib/cost-words.ts";
import type { OverviewView } from "./overview-view.ts";
import type { OverviewNavigation } from "./use-overview-navigation.ts";

/** The way down to here, each step the way back up to it. */
export function Trail({ view, navigation: { change } }: { view: OverviewView; navigation: OverviewNavigation }) {
  const steps = view.where.map(([dimension, value], index) => {
    const label = valueLabel(dimension, value);
    const isLast = index === view.where.length - 1;
    return {
      id: `${index} ${label}`,
      content: isLast ? (
        label
      ) : (
        <StepUp label={label} onUp={() => change({ where: view.where.slice(0, index + 1).map(([a, b]) => [a, b]) })} />
      ),
    };
  });
  return (
    <Breadcrumb
      steps={[
        { id: "all", content: <StepUp label="All costs" onUp={() => change({ where: undefined, by: undefined })} /> },
        ...steps,
      ]}
    />
  );
}

function StepUp({ label, onUp }: { label: string; onUp: () => void }) {
  return (
    <button type="button" onClick={onUp} className="max-w-full truncate rounded-sm hover:text-accent hover:underline">
      {label}
    </button>
  );
}

/** What the page is narrowed to, each with the way to lift it. */
export function Filters({
  view,
  catalog,
  navigation: { lift, change },
}: {
  view: OverviewView;
  catalog: CostCatalog;
  navigation: OverviewNavigation;
}) {
  if (view.where.length === 0) return null;
  return (
    <div className="flex flex-wrap items-center gap-2" aria-label="Filters" role="group">
      {view.where.map(([dimension, value], index) => (
        <FilterChip
          key={`${dimension} ${value ?? ""}`}
          name={dimensionLabel(dimension, catalog)}
          value={valueLabel(dimension, value)}
          onRemove={() => lift(index)}
        />
      ))}
      {view.where.length > 1 && (
        <Button kind="quiet" onClick={() => change({ where: undefined })}>
          Clear all
        </Button>
      )}
    </div>
  );
}
