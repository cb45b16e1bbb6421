import { getRouteApi } from "@tanstack/react-router";
import { type ComponentType, lazy, Suspense } from "react";
import { BudgetPage } from "./budget-page.tsx";

const route = getRouteApi("/budgets/$id");

/** No budget is called so. One route for all of them: each of its own would weigh on every first load. */
const places: Readonly<Record<string, ComponentType>> = {
  performance: lazy(async () => ({ default: (await import("./performance-page.tsx")).PerformancePage })),
  planner: lazy(async () => ({ default: (await import("./planner-page.tsx")).PlannerPage })),
};

/** What stands below /budgets: a page over all of them, or a budget. */
export function BudgetPlace() {
  const { id } = route.useParams();
  const Place = places[id];
  if (Place === undefined) return <BudgetPage />;
  return (
    <Suspense fallback={null}>
      <Place />
    </Suspense>
  );
}
