import type { Scope } from "@finops/capabilities/people/contract";
import { Button } from "@finops/ui/primitives/button";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { catalogQuery } from "../cost-view/cost-answers.ts";
import { useMay } from "../session.ts";
import { EditFilter } from "./edit-filter.tsx";
import { scopeWords } from "./scope-words.ts";

interface ScopeFieldProps {
  scope: Scope;
  /** Why it cannot be changed; left out where it can. */
  fixedBecause?: string | undefined;
  onChange: (scope: Scope) => void;
}

/** The costs that a role is limited to, as the filter that they pass. */
export function ScopeField({ scope, fixedBecause, onChange }: ScopeFieldProps) {
  const [isEditing, setIsEditing] = useState(false);
  const maySee = useMay("costs:read");
  const catalog = useQuery({ ...catalogQuery, enabled: maySee });
  const because =
    fixedBecause ?? (maySee ? undefined : "Who does not see costs cannot limit others to a part of them.");
  return (
    <div>
      <span className="mb-1 block text-xs text-text-2">Sees</span>
      <div className="flex flex-wrap items-center gap-2">
        <span className="min-w-0 flex-1 basis-40 text-sm break-words" dir="auto">
          {scopeWords(scope, catalog.data)}
        </span>
        {because === undefined && (
          <>
            <Button disabled={catalog.data === undefined} onClick={() => setIsEditing(true)}>
              {scope === null ? "Limit" : "Change the limit"}
            </Button>
            {scope !== null && (
              <Button kind="quiet" onClick={() => onChange(null)}>
                Lift the limit
              </Button>
            )}
          </>
        )}
      </div>
      {(because !== undefined || scope !== null) && (
        <p className="mt-1 text-xs text-text-2">
          {because ?? "A limited role gives costs, exports, views, budgets and alerts only."}
        </p>
      )}
      {isEditing && catalog.data !== undefined && (
        <EditFilter filter={scope} catalog={catalog.data} onApply={onChange} onClose={() => setIsEditing(false)} />
      )}
    </div>
  );
}

/** The same in a row of a table, where nothing is changed. */
export function ScopeText({ scope }: { scope: Scope }) {
  const { data } = useQuery({ ...catalogQuery, enabled: useMay("costs:read") });
  const words = scopeWords(scope, data);
  return (
    <span title={words} className={scope === null ? "text-text-2" : ""} dir="auto">
      {words}
    </span>
  );
}
