import type { CostCatalog } from "@finops/capabilities/costs/contract";
import { parseDecimal } from "@finops/kernel/decimal";

type Measure = CostCatalog["measures"][number];

/** How charts write the figures of a measure: what is no currency stands behind the number. */
export interface ChartUnit {
  /** An ISO currency, or the word behind the number. */
  currency: string;
  /** Ratios are drawn as percentages. */
  scale: (value: string | null) => string | null;
}

export function chartUnit(measure: Measure, currency: string, quantityUnit: string | null): ChartUnit {
  switch (measure.unit) {
    case "money":
      return { currency, scale: (value) => value };
    case "percent":
      return { currency: "%", scale: (value) => (value === null ? null : parseDecimal(value).times(100).toString()) };
    case "count":
      return { currency: measure.label.toLowerCase(), scale: (value) => value };
    case "quantity":
      return { currency: quantityUnit ?? "", scale: (value) => value };
  }
}
