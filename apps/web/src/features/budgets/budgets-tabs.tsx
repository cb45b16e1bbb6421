import { PageTabs } from "../../lib/page-tabs.tsx";
import { useMay } from "../../lib/session.ts";

/** How budgets stand, how they ended, and how they might be. */
export function BudgetsTabs() {
  const mayMake = useMay("budgets:write");
  const tabs = [
    { to: "/budgets", label: "Budgets" },
    { to: "/budgets/performance", label: "Performance" },
    ...(mayMake ? [{ to: "/budgets/planner", label: "Planner" }] : []),
  ];
  return <PageTabs name="Budgets" tabs={tabs} />;
}
