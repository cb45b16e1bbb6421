import { type CostView, viewPeriod, type ViewMoment } from "@finops/capabilities/views/contract";
import { PeriodPicker } from "@finops/ui/period/period-picker";
import { type Comparison, comparisonPeriod } from "@finops/ui/period/presets";
import { ChoiceMenu } from "@finops/ui/primitives/choice-menu";
import { formatPeriod } from "@finops/ui/text/format-day";
import { AsOfMenu } from "./as-of-menu.tsx";

interface ExplorerToolsProps {
  view: CostView;
  moment: ViewMoment;
  currencies: readonly string[];
  currency: string | null;
  onShow: (next: CostView) => void;
}

/** Period, comparison, currency, what a period is counted by and which bills count: what holds for every figure of the page. */
export function ExplorerTools({ view, moment, currencies, currency, onShow }: ExplorerToolsProps) {
  const period = viewPeriod(view, moment);
  return (
    <div className="flex flex-wrap items-center gap-2">
      {currencies.length > 1 && currency !== null && (
        <ChoiceMenu
          label="Currency"
          value={currency}
          choices={currencies.map((value) => ({ value, label: value }))}
          onChoose={(value) => onShow({ ...view, currency: value })}
        />
      )}
      <ChoiceMenu label="Basis" value={view.basis} choices={bases} onChoose={(basis) => onShow({ ...view, basis })} />
      <ChoiceMenu
        label="Against"
        value={typeof view.comparison === "string" ? view.comparison : "days"}
        choices={[
          ...comparisons.map((value) => {
            const days = comparisonPeriod(period, value);
            return { value, label: comparisonLabels[value], ...(days === null ? {} : { about: formatPeriod(days) }) };
          }),
          ...(typeof view.comparison === "string"
            ? []
            : [{ value: "days" as const, label: formatPeriod(view.comparison) }]),
        ]}
        onChoose={(value) => value !== "days" && onShow({ ...view, comparison: value })}
      />
      <AsOfMenu view={view} today={moment.today} onShow={onShow} />
      <PeriodPicker
        value={"preset" in view.period ? view.period : { period: view.period }}
        available={moment.available}
        today={moment.today}
        onChoose={(choice) => {
          const { grain: _, ...rest } = view;
          onShow({ ...rest, period: "preset" in choice ? { preset: choice.preset } : choice.period });
        }}
      />
    </div>
  );
}

const bases = [
  { value: "charge", label: "usage days", about: "By the day of each charge" },
  { value: "billing", label: "billing periods", about: "By the period that each charge is invoiced in" },
] as const;

const comparisons: Comparison[] = ["before", "last-year", "none"];
const comparisonLabels: Record<Comparison, string> = {
  before: "period before",
  "last-year": "last year",
  none: "nothing",
};
