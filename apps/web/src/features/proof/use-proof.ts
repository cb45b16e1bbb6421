import type { CostRowsAnswer } from "@finops/capabilities/costs/contract";
import type { FigureProof, FigureRequest } from "@finops/capabilities/proof/contract";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";

/** Figures come from published data, so what was proved holds until something new is published. */
export function useProof(figure: FigureRequest) {
  return useQuery({
    queryKey: ["costs", "proof", figure],
    queryFn: ({ signal }) => request<FigureProof>("/api/v1/proof", { method: "POST", body: figure, signal }),
    placeholderData: keepPreviousData,
  });
}

const shownColumns = ["chargePeriodStart", "serviceName", "subAccountId", "resourceId", "chargeDescription"];

/** The first rows of the figure, as many as a glance takes in. */
export function useProofRows({ request: asked, figure }: FigureProof) {
  const { period, basis, filter, asOf } = asked;
  const amount = amountColumns[figure.measure] ?? "billedCost";
  return useQuery({
    queryKey: ["costs", "proof-rows", asked, amount],
    queryFn: ({ signal }) =>
      request<CostRowsAnswer>("/api/v1/cost/rows", {
        method: "POST",
        body: { period, basis, filter, asOf, columns: [...shownColumns, amount], limit: 20 },
        signal,
      }),
    select: (answer) => ({ rows: answer.rows, hasMore: answer.nextCursor !== null, amount }),
  });
}

/** Which amount of a row says most about a measure that is made of several. */
const amountColumns: Record<string, string> = {
  billedCost: "billedCost",
  effectiveCost: "effectiveCost",
  listCost: "listCost",
  contractedCost: "contractedCost",
  onDemandEquivalent: "listCost",
  effectiveSavingsRate: "effectiveCost",
  totalSavings: "effectiveCost",
  commitmentSavings: "effectiveCost",
  negotiatedSavings: "contractedCost",
  notPricedCost: "effectiveCost",
  unusedCommitmentCost: "effectiveCost",
  commitmentUtilization: "effectiveCost",
  commitmentCoverage: "listCost",
  consumedQuantity: "consumedQuantity",
  pricingQuantity: "pricingQuantity",
};
