import type { CostCatalog } from "@finops/capabilities/costs/contract";
import { Button } from "@finops/ui/primitives/button";
import { FilterChip } from "@finops/ui/primitives/chip";
import { dimensionLabel, valueLabel } from "../../lib/cost-words.ts";
import type { OverviewView } from "./overview-view.ts";
import type { OverviewNavigation } from "./use-overview-navigation.ts";

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
