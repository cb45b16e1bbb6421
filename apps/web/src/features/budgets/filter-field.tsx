import type { Budget } from "@finops/capabilities/budgets/contract";
import { monthOf } from "@finops/kernel/period";
import { Button } from "@finops/ui/primitives/button";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { scopeWords } from "../../lib/cost-filter/scope-words.ts";
import { catalogQuery } from "../../lib/cost-view/cost-answers.ts";
import { serverClock } from "../../lib/server-clock.ts";

const FilterEditor = lazy(async () => ({
  default: (await import("../../lib/cost-filter/filter-editor.tsx")).FilterEditor,
}));

/** Which costs a budget is about. */
export function FilterField({
  filter,
  onChange,
}: {
  filter: Budget["filter"];
  onChange: (filter: Budget["filter"]) => void;
}) {
  const [isEditing, setIsEditing] = useState(false);
  const catalog = useQuery(catalogQuery);
  return (
    <div>
      <span className="mb-1 block text-xs text-text-2">Costs</span>
      <div className="flex flex-wrap items-center gap-2">
        <span className="min-w-0 flex-1 basis-40 text-sm break-words" dir="auto">
          {scopeWords(filter, catalog.data)}
        </span>
        <Button disabled={catalog.data === undefined} onClick={() => setIsEditing(true)}>
          {filter === null ? "Filter" : "Change the filter"}
        </Button>
      </div>
      {isEditing && catalog.data !== undefined && (
        <Suspense>
          <FilterEditor
            filter={filter ?? undefined}
            catalog={catalog.data}
            scope={{
              period: catalog.data.available ?? monthOf(serverClock.today()),
              basis: "charge",
              filter: undefined,
              asOf: undefined,
            }}
            onApply={(next) => onChange(next ?? null)}
            onClose={() => setIsEditing(false)}
          />
        </Suspense>
      )}
    </div>
  );
}
