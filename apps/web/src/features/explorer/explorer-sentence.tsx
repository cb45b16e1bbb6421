import type { CostCatalog } from "@finops/capabilities/costs/contract";
import type { CostView, ViewPlan } from "@finops/capabilities/views/contract";
import { Delta } from "@finops/ui/figures/delta";
import { Percent } from "@finops/ui/figures/percent";
import { formatPeriod } from "@finops/ui/text/format-day";
import { goodDirection } from "../../lib/cost-words.ts";
import { useFigureDoor } from "../../lib/figure-door.ts";
import type { Answered } from "../../lib/cost-view/cost-answers.ts";
import { biggestShare, groupLabel } from "../../lib/cost-view/group-rows.ts";
import { MeasureFigure } from "../../lib/cost-view/measure-figure.tsx";
import { measureOf } from "../../lib/cost-view/measure-of.ts";
import type { CostRow } from "@finops/capabilities/costs/contract";

interface ExplorerSentenceProps {
  view: CostView;
  plan: ViewPlan;
  catalog: CostCatalog;
  currency: string | null;
  totals: Answered | undefined;
  groups: { rows: readonly CostRow[] } | undefined;
}

/** The figure of what is asked, held against what it should be held against, and what explains most of it. */
export function ExplorerSentence({ view, plan, catalog, currency, totals, groups }: ExplorerSentenceProps) {
  const openDoor = useFigureDoor();
  const measure = measureOf(catalog, view.measures[0]!);
  const total = totals?.answer.totals.find((one) => one.currency === currency);
  if (total === undefined || currency === null) return null;
  const figure = total.values[view.measures[0]!];
  const before = total.comparison?.[view.measures[0]!];
  const rows = total.values["rowCount"];
  const biggest = measure.additive ? biggestOf(groups?.rows, view, currency) : null;
  return (
    <p className="text-xl" data-testid="sentence">
      <span className="text-text-2">
        {measure.label}, {formatPeriod(plan.period)}:{" "}
      </span>
      <button
        type="button"
        title={`${measure.about} Show its proof.`}
        onClick={() =>
          openDoor({
            measure: view.measures[0]!,
            period: plan.period,
            basis: view.basis,
            currency,
            ...(view.filter === undefined ? {} : { filter: view.filter }),
            ...(view.asOf === undefined ? {} : { asOf: view.asOf }),
          })
        }
        className="rounded-sm font-semibold hover:text-accent"
      >
        <MeasureFigure unit={measure.unit} figure={figure} currency={currency} quantityUnit={null} form="exact" />
      </button>
      {plan.comparison !== null && before?.value != null && figure?.value != null && (
        <>
          {", "}
          <Delta
            now={figure.value}
            before={before.value}
            {...(measure.unit === "percent" ? {} : { currency })}
            good={goodDirection(view.measures[0]!)}
            part={measure.unit === "percent" ? "amount" : measure.unit === "money" ? "both" : "percent"}
          />
          <span className="text-text-2"> against {formatPeriod(plan.comparison)}</span>
        </>
      )}
      {view.shows === "rows" && rows?.value != null ? (
        <span className="text-text-2">
          {" "}
          in <MeasureFigure unit="count" figure={rows} currency={currency} quantityUnit={null} form="exact" /> charge
          rows
        </span>
      ) : (
        biggest !== null && (
          <span className="text-text-2">
            {". "}
            <bdi className="text-text-1">{biggest.label}</bdi> is <Percent ratio={biggest.share} /> of it
          </span>
        )
      )}
      .
    </p>
  );
}

function biggestOf(rows: readonly CostRow[] | undefined, view: CostView, currency: string) {
  const [by] = view.groupBy;
  const measure = view.measures[0]!;
  if (rows === undefined || by === undefined || rows.length < 2) return null;
  const found = biggestShare(rows, measure, currency);
  return found === null ? null : { label: groupLabel(by, found.row), share: found.share };
}
