import type { CostCatalog } from "@finops/capabilities/costs/contract";
import { systemClock } from "@finops/kernel/clock";
import type { Period } from "@finops/kernel/period";
import { Button } from "@finops/ui/primitives/button";
import { Async } from "@finops/ui/states/async";
import { Notice } from "@finops/ui/states/notice";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { catalogQuery, currenciesOf, useAnswer } from "../../lib/cost-view/cost-answers.ts";
import { Page } from "../../lib/page.tsx";
import { saysView } from "../../lib/view-search.ts";
import { ExplorerBody, ExplorerSkeleton } from "./explorer-body.tsx";
import { usePrefetch } from "./explorer-queries.ts";
import { ExplorerTools } from "./explorer-tools.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { useExplorer, useResolved } from "./use-explorer.ts";
import { useSavedViews } from "./use-saved-views.ts";
import { ViewsMenu } from "./views-menu.tsx";

const route = getRouteApi("/explorer");

/** Any question about costs, and its answer. */
export function ExplorerPage() {
  const catalog = useQuery(catalogQuery);
  if (catalog.data?.available != null) return <Explorer catalog={catalog.data} available={catalog.data.available} />;
  return (
    <Page title="Explorer">
      <Async of={catalog} name="The explorer" skeleton={<ExplorerSkeleton />}>
        {() => (
          <Notice
            tone="info"
            title="There is nothing to explore yet."
            action={
              <Link to="/bills" className="font-medium text-accent hover:underline">
                Import a bill
              </Link>
            }
          >
            As soon as a bill is in, every charge of it can be asked here.
          </Notice>
        )}
      </Async>
    </Page>
  );
}

function Explorer({ catalog, available }: { catalog: CostCatalog; available: Period }) {
  const search = route.useSearch();
  const saved = useSavedViews();
  // An address that names no view opens the person's own start; one that names a saved view and no more, that one.
  const started = saved.data?.find((one) => (search.saved === undefined ? one.isDefault : one.id === search.saved));
  const explorer = useExplorer(saysView(search) ? null : (started ?? null));
  if (!saysView(search) && saved.isPending)
    return (
      <Page title="Explorer">
        <div className="appear-late">
          <ExplorerSkeleton />
        </div>
      </Page>
    );
  return (
    <ExplorerOf
      catalog={catalog}
      available={available}
      explorer={explorer}
      isLost={search.saved !== undefined && saved.data !== undefined && started === undefined}
    />
  );
}

interface ExplorerOfProps {
  catalog: CostCatalog;
  available: Period;
  explorer: ReturnType<typeof useExplorer>;
  /** The address names a saved view that is not there for this person. */
  isLost: boolean;
}

function ExplorerOf({ catalog, available, explorer, isLost }: ExplorerOfProps) {
  const { view, unread, savedId, show } = explorer;
  const today = systemClock.today();
  const moment = useMemo(() => ({ available, today }), [available, today]);
  const [adding, setAdding] = useState<string | null>(null);
  const everyCurrency = useResolved(view, null, moment);
  const totals = useAnswer(everyCurrency.plan.totals);
  const currencies = useMemo(() => currenciesOf(totals.data?.answer.totals ?? []), [totals.data]);
  const currency =
    view.currency !== undefined && (currencies.length === 0 || currencies.includes(view.currency))
      ? view.currency
      : (currencies[0] ?? null);
  const narrowed = currencies.length > 1 ? currency : null;
  const { plan } = useResolved(view, narrowed, moment);
  const prefetch = usePrefetch(moment, narrowed);
  return (
    <Page
      title="Explorer"
      tools={<ExplorerTools view={view} moment={moment} currencies={currencies} currency={currency} onShow={show} />}
      actions={<ViewsMenu view={view} savedId={savedId} onOpen={explorer.open} />}
      chips={
        <FilterBar
          view={view}
          catalog={catalog}
          scope={{ period: plan.period, basis: view.basis, filter: view.filter, asOf: view.asOf }}
          onShow={show}
          adding={adding}
          onAdding={setAdding}
        />
      }
    >
      {unread.length > 0 && (
        <div className="mb-4">
          <Notice
            tone="warning"
            title={`A part of this address could not be read: ${unread.join(", ")}.`}
            action={<Button onClick={() => show(view)}>Keep it as shown</Button>}
          >
            The figures are of what is shown here, which may be more than was meant. Ask for the link again.
          </Notice>
        </div>
      )}
      {isLost && (
        <div className="mb-4">
          <Notice
            tone="warning"
            title="That saved view is not there."
            action={<Button onClick={() => explorer.open(null)}>Go on without it</Button>}
          >
            It was deleted, or it is private to somebody else. Ask its owner to share it with the company.
          </Notice>
        </div>
      )}
      <ExplorerBody
        view={view}
        plan={plan}
        moment={moment}
        catalog={catalog}
        currency={currency}
        totals={totals}
        prefetch={prefetch}
        onShow={show}
        onFilter={setAdding}
      />
    </Page>
  );
}
