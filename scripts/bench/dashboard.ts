import type { CostFilter, CostQueryInput } from "@finops/capabilities/costs/contract";

type Period = CostQueryInput["period"];

/** The eight queries of one dashboard, as the page asks them; `filter` narrows all of them. */
export function dashboardQueries(period: Period, filter?: CostFilter): CostQueryInput[] {
  const shared = filter === undefined ? { period } : { period, filter };
  const top = (count: number) => ({ top: { count } });
  return [
    { ...shared, measures: ["effectiveCost", "billedCost"] },
    { ...shared, measures: ["effectiveCost"], grain: "day" },
    { ...shared, measures: ["effectiveCost"], groupBy: ["serviceName"], grain: "day", ...top(8) },
    {
      ...shared,
      measures: ["effectiveCost", "billedCost", "listCost"],
      groupBy: ["serviceName"],
      share: true,
      ...top(10),
    },
    { ...shared, measures: ["effectiveCost"], groupBy: ["subAccountId"], ...top(10) },
    { ...shared, measures: ["effectiveCost"], groupBy: ["tag:team"], ...top(10) },
    { ...shared, measures: ["effectiveCost"], groupBy: ["regionId", "chargeCategory"] },
    { ...shared, measures: ["effectiveSavingsRate", "commitmentSavings", "unusedCommitmentCost"] },
  ];
}

/** Questions that only the rows can answer: by resource and by hour. */
export function drillDownQueries(period: Period): CostQueryInput[] {
  return [
    { period, measures: ["effectiveCost"], groupBy: ["resourceId"], top: { count: 20 } },
    { period, measures: ["effectiveCost"], grain: "hour" },
    { period, measures: ["resourceCount"], groupBy: ["serviceName"] },
    {
      period,
      measures: ["effectiveCost"],
      groupBy: ["serviceName"],
      filter: { dimension: "resourceId", contains: "0a" },
    },
  ];
}

/** Filters of which no two are the same, for so many visits of a dashboard. */
export function visitFilters(accounts: readonly string[], services: readonly string[], count: number): CostFilter[] {
  if (accounts.length === 0 || services.length === 0)
    throw new Error("There is nothing to filter by: no costs are stored.");
  const perPair = accounts.length * services.length;
  return Array.from({ length: count }, (_, visit) => {
    const account = { dimension: "subAccountId", is: accounts[visit % accounts.length]! };
    const service = { dimension: "serviceName", is: services[Math.floor(visit / accounts.length) % services.length]! };
    // Every round over all pairs asks for other accounts beside, so that its text and its answer are new.
    const round = Math.floor(visit / perPair);
    const beside = accounts
      .filter((_one, index) => (round >> (index % 20)) % 2 === 1)
      .map((value) => ({ dimension: "subAccountId", is: value }));
    return {
      or: [account, service, ...beside, ...(round >> 20 > 0 ? [{ dimension: "regionId", is: `round-${round}` }] : [])],
    };
  });
}
