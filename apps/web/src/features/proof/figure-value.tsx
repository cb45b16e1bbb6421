import { Count } from "@finops/ui/figures/count";
import { Money, Unknown } from "@finops/ui/figures/money";
import { Percent } from "@finops/ui/figures/percent";

interface FigureValueProps {
  value: string | null;
  unit: string;
  currency: string;
  missing?: string | undefined;
}

/** A figure by its unit, or why there is none. */
export function FigureValue({ value, unit, currency, missing }: FigureValueProps) {
  if (value === null) return <Unknown because={missing ?? "Not stated."} />;
  if (unit === "money") return <Money amount={value} currency={currency} />;
  if (unit === "percent") return <Percent ratio={value} places={2} />;
  return <Count of={value} />;
}
