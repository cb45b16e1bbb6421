import type { BudgetPreviewInput } from "@finops/capabilities/budgets/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useQuery } from "@tanstack/react-query";
import { previewQuery } from "./budget-queries.ts";
import { standingSentence, stateWords } from "./budget-words.ts";
import { BurnDownChart } from "./burn-down-chart.tsx";

/** How it would stand now, as far as it is written. */
export function BudgetPreviewBox({ draft, currency }: { draft: BudgetPreviewInput | null; currency: string }) {
  const preview = useQuery(previewQuery(draft));
  return (
    <section aria-label="Preview" className="rounded-md border border-line bg-surface-2">
      <h3 className="px-4 pt-3 text-xs text-text-2">How it would stand</h3>
      {draft === null ? (
        <p className="px-4 py-3 text-sm text-text-2">Give it an amount to see it.</p>
      ) : preview.error !== null ? (
        <p role="alert" className="px-4 py-3 text-sm text-negative">
          {preview.error.message}
        </p>
      ) : preview.data === undefined ? (
        <Skeleton className="m-4 h-40" />
      ) : preview.data.standing === null ? (
        <p className="px-4 py-3 text-sm text-text-2">It has no period.</p>
      ) : (
        <>
          <p className="px-4 py-2 text-sm">
            <Badge tone={stateWords[preview.data.standing.state].tone}>
              {stateWords[preview.data.standing.state].label}
            </Badge>{" "}
            {standingSentence({ currency, standing: preview.data.standing })}
          </p>
          <BurnDownChart outlook={preview.data} currency={currency} />
        </>
      )}
    </section>
  );
}
