import type { CostAnswer, CostCatalog } from "@finops/capabilities/costs/contract";
import { decimal } from "@finops/kernel/decimal";
import type { Period } from "@finops/kernel/period";
import { Async } from "@finops/ui/states/async";
import { getRouteApi } from "@tanstack/react-router";
import { Page } from "../../lib/page.tsx";
import { serverClock } from "../../lib/server-clock.ts";
import { Filters, Trail } from "./filters.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { KpiSkeleton } from "./kpi-card.tsx";
import { OverviewContent } from "./overview-content.tsx";
import { OverviewTools } from "./overview-tools.tsx";
import { resolveView } from "./overview-view.ts";
import { useOverviewNavigation } from "./use-overview-navigation.ts";
import { useCatalog, useTotals } from "./use-overview.ts";

const route = getRouteApi("/");

/** Where the money stands, and why. */
export function OverviewPage() {
  const catalog = useCatalog();
  if (catalog.data?.available != null) return <OverviewOf catalog={catalog.data} available={catalog.data.available} />;
  return (
    <Page title="Overview">
      <Async of={catalog} name="The overview" skeleton={<KpiSkeleton />}>
        {() => <FirstSteps />}
      </Async>
    </Page>
  );
}

function OverviewOf({ catalog, available }: { catalog: CostCatalog; available: Period }) {
  const search = route.useSearch();
  const today = serverClock.today();
  const asked = resolveView(search, catalog, available, today);
  const navigation = useOverviewNavigation(asked, search);
  // Currencies are never added: the totals of all of them say which there are, and the page shows one.
  const totals = useTotals({ ...asked, currency: null });
  const currencies = currenciesOf(totals.data?.answer);
  const currency =
    asked.currency !== null && currencies.includes(asked.currency) ? asked.currency : (currencies[0] ?? null);
  const view = { ...asked, currency: currencies.length > 1 ? currency : null };
  return (
    <Page
      title="Overview"
      tools={
        <OverviewTools
          view={view}
          search={search}
          catalog={catalog}
          available={available}
          today={today}
          currencies={currencies}
          currency={currency}
          navigation={navigation}
        />
      }
      {...(view.where.length === 0 ? {} : { trail: <Trail view={view} navigation={navigation} /> })}
      chips={view.where.length > 0 && <Filters view={view} catalog={catalog} navigation={navigation} />}
    >
      <OverviewContent
        view={view}
        search={search}
        catalog={catalog}
        available={available}
        today={today}
        totals={totals}
        currency={currency}
        navigation={navigation}
      />
    </Page>
  );
}

/** The currency with the most charges first: amounts of two currencies cannot be compared, so not the largest. */
function currenciesOf(answer: CostAnswer | undefined): string[] {
  const rows = (total: CostAnswer["totals"][number]) => decimal(total.values["rowCount"]?.value ?? "0");
  return (answer?.totals ?? []).toSorted((a, b) => rows(b).comparedTo(rows(a))).map((total) => total.currency);
}
