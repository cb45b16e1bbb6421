import type { CostCatalog, Figure } from "@finops/capabilities/costs/contract";
import { Count } from "@finops/ui/figures/count";
import { Delta } from "@finops/ui/figures/delta";
import { Money, Unknown } from "@finops/ui/figures/money";
import { Percent } from "@finops/ui/figures/percent";
import { Quantity } from "@finops/ui/figures/quantity";
import type { FigureForm } from "@finops/ui/table/column";

export type Unit = CostCatalog["measures"][number]["unit"];

interface MeasureFigureProps {
  unit: Unit;
  figure: Figure | undefined;
  currency: string;
  /** Of a quantity. */
  quantityUnit: string | null;
  form: FigureForm;
}

/** A figure of any measure, as its unit is written; what is missing says why. */
export function MeasureFigure({ unit, figure, currency, quantityUnit, form }: MeasureFigureProps) {
  const value = figure?.value ?? null;
  const missing = figure?.missing ?? "Nothing here.";
  if (unit === "money")
    return <Money amount={value} currency={currency} missing={missing} short={form === "compact"} />;
  if (unit === "percent") return <Percent ratio={value} missing={missing} />;
  if (unit === "quantity") return <Quantity amount={value} unit={quantityUnit} missing={missing} />;
  return value === null ? <Unknown because={missing} /> : <Count of={value} />;
}

interface ChangeProps {
  now: Figure | undefined;
  before: Figure | undefined;
  currency: string;
  good: "up" | "down" | "neither";
}

export function ChangeFigure({ unit, now, before, currency, good }: ChangeProps & { unit: Unit }) {
  const [value, old] = [now?.value ?? null, before?.value ?? null];
  if (unit === "money") return <Delta now={value} before={old} currency={currency} good={good} part="amount" />;
  if (unit === "percent") {
    // A ratio that is not known on one side has not changed from nothing.
    if (value === null || old === null)
      return <Unknown because={now?.missing ?? before?.missing ?? "Nothing to compare with."} />;
    return <Delta now={value} before={old} good={good} part="amount" />;
  }
  return <ChangePercent now={now} before={before} currency={currency} good={good} />;
}

export function ChangePercent({ now, before, currency, good }: ChangeProps) {
  return (
    <Delta now={now?.value ?? null} before={before?.value ?? null} currency={currency} good={good} part="percent" />
  );
}
