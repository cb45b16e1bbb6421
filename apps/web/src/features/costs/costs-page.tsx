import type { CostAnswer, CostCatalog } from "@finops/capabilities/costs/contract";
import { systemClock } from "@finops/kernel/clock";
import { decimal } from "@finops/kernel/decimal";
import type { Period } from "@finops/kernel/period";
import { Async } from "@finops/ui/states/async";
import { getRouteApi } from "@tanstack/react-router";
import { Page } from "../../lib/page.tsx";
import { CostTools } from "./cost-tools.tsx";
import { resolveView } from "./cost-view.ts";
import { CostsOverview } from "./costs-overview.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { KpiSkeleton } from "./kpi-row.tsx";
import { useCatalog, useCostTotals } from "./use-costs.ts";
import { useCostsNavigation } from "./use-costs-navigation.ts";

const route = getRouteApi("/");

/** What was spent, on what, by whom. */
export function CostsPage() {
  const catalog = useCatalog();
  if (catalog.data?.available != null)
    return <CostsOfPeriod catalog={catalog.data} available={catalog.data.available} />;
  return (
    <Page title="Overview">
      <Async of={catalog} name="The overview" skeleton={<KpiSkeleton />}>
        {() => <FirstSteps />}
      </Async>
    </Page>
  );
}

function CostsOfPeriod({ catalog, available }: { catalog: CostCatalog; available: Period }) {
  const search = route.useSearch();
  const today = systemClock.today();
  const asked = resolveView(search, catalog, available, today);
  const navigation = useCostsNavigation(asked);
  // Currencies are never added: the totals of all of them say which there are, and the page shows one.
  const totals = useCostTotals({ ...asked, currency: null });
  const currencies = currenciesOf(totals.data?.answer);
  const currency =
    asked.currency !== null && currencies.includes(asked.currency) ? asked.currency : (currencies[0] ?? null);
  const view = { ...asked, currency: currencies.length > 1 ? currency : null };
  return (
    <Page
      title="Overview"
      tools={
        <CostTools
          view={view}
          search={search}
          available={available}
          today={today}
          currencies={currencies}
          currency={currency}
          navigation={navigation}
        />
      }
    >
      <CostsOverview
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
