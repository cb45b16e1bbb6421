import type { CostFilter } from "@finops/capabilities/costs/contract";
import { Button } from "@finops/ui/primitives/button";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { catalogQuery } from "../cost-view/cost-answers.ts";
import { EditFilter } from "./edit-filter.tsx";
import { scopeWords } from "./scope-words.ts";

/** Which costs something is about. */
export function FilterField({
  filter,
  onChange,
}: {
  filter: CostFilter | null;
  onChange: (filter: CostFilter | null) => void;
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
        <EditFilter filter={filter} catalog={catalog.data} onApply={onChange} onClose={() => setIsEditing(false)} />
      )}
    </div>
  );
}
