import type { CostCatalog, CostFilter } from "@finops/capabilities/costs/contract";
import { monthOf } from "@finops/kernel/period";

import { lazy, Suspense } from "react";
import { serverClock } from "../server-clock.ts";

const FilterEditor = lazy(async () => ({ default: (await import("./filter-editor.tsx")).FilterEditor }));

interface EditFilterProps {
  filter: CostFilter | null;
  catalog: CostCatalog;
  onApply: (filter: CostFilter | null) => void;
  onClose: () => void;
}

/** Edits a filter that belongs to no view: its values are picked from all costs there are. */
export function EditFilter({ filter, catalog, onApply, onClose }: EditFilterProps) {
  return (
    <Suspense>
      <FilterEditor
        filter={filter ?? undefined}
        catalog={catalog}
        scope={{
          period: catalog.available ?? monthOf(serverClock.today()),
          basis: "charge",
          filter: undefined,
          asOf: undefined,
        }}
        onApply={(next) => onApply(next ?? null)}
        onClose={onClose}
      />
    </Suspense>
  );
}
