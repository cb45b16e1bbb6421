import type { MeasureId } from "@finops/warehouse/model/measures";
import { measures } from "@finops/warehouse/model/measures";
import type { CostFilter, CostQueryInput, CostRowsQueryInput } from "@finops/warehouse/query/cost-query";
import type { FigureRequest } from "./contract.ts";

/** Measures that explain one that is no plain sum, read over the same charges. */
const relatedMeasures: Partial<Record<MeasureId, readonly MeasureId[]>> = {
  effectiveSavingsRate: ["onDemandEquivalent", "effectiveCost", "unusedCommitmentCost", "notPricedCost"],
  commitmentUtilization: ["unusedCommitmentCost"],
  commitmentCoverage: ["onDemandEquivalent", "listCost"],
  totalSavings: ["listCost", "effectiveCost"],
  negotiatedSavings: ["listCost", "contractedCost"],
  commitmentSavings: ["contractedCost", "effectiveCost"],
};

export function relatedTo(measure: MeasureId): readonly MeasureId[] {
  return relatedMeasures[measure] ?? [];
}

/** The one question whose answer is the figure, with the measures that explain it and the number of its rows. */
export function figureQuery(figure: FigureRequest): CostQueryInput {
  return {
    measures: [...new Set<MeasureId>([figure.measure, ...relatedTo(figure.measure), "rowCount"])],
    ...chargesOf(figure),
  };
}

/** The same charges by the bill file that each came from. A measure that does not add up has only its rows counted. */
export function fileQuery(figure: FigureRequest): CostQueryInput {
  const own: MeasureId[] = measures[figure.measure].additive ? [figure.measure] : [];
  return {
    measures: [...new Set<MeasureId>([...own, "rowCount"])],
    groupBy: ["billFile"],
    limit: 100_000,
    ...chargesOf(figure),
  };
}

/** Everything that the store holds of the billing periods `from` to `to` (first days, both in), by bill file. */
export function storeQuery(from: string, dayAfterLast: string): CostQueryInput {
  return {
    measures: ["billedCost", "effectiveCost", "rowCount"],
    groupBy: ["billFile"],
    limit: 100_000,
    basis: "billing",
    period: { start: from, end: dayAfterLast },
  };
}

/** A page of the figure's charge rows. */
export function rowsQuery(
  figure: FigureRequest,
  page: { columns?: string[]; limit: number; cursor?: string },
): CostRowsQueryInput {
  return { ...chargesOf(figure), ...page };
}

function chargesOf({ period, basis, filter, currency, asOf }: FigureRequest): {
  period: FigureRequest["period"];
  basis: FigureRequest["basis"];
  filter: CostFilter;
  asOf?: string;
} {
  const ofCurrency: CostFilter = { dimension: "billingCurrency", is: currency };
  return {
    period,
    basis,
    filter: filter === undefined ? ofCurrency : { and: [filter, ofCurrency] },
    ...(asOf === undefined ? {} : { asOf }),
  };
}
