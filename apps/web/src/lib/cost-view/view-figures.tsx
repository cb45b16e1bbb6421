import type { CostAnswer, CostCatalog } from "@finops/capabilities/costs/contract";
import type { CostView, ViewPlan } from "@finops/capabilities/views/contract";
import { formatPeriod } from "@finops/ui/text/format-day";
import type { ReactNode } from "react";
import { goodDirection } from "../cost-words.ts";
import { FigureButton } from "../figure-button.tsx";
import { currenciesOf } from "./cost-answers.ts";
import { ChangeFigure, ChangePercent, MeasureFigure } from "./measure-figure.tsx";
import { measureOf } from "./measure-of.ts";

interface ViewFiguresProps {
  view: CostView;
  plan: Pick<ViewPlan, "period" | "comparison">;
  catalog: CostCatalog;
  answer: CostAnswer;
  /** Those of the view that are told. */
  measures: CostView["measures"];
  /** What was told once and for all: a figure of now has another proof. */
  isFrozen?: boolean;
}

/** A view's measures in all, one by one and in every currency, each beside what it is held against. */
export function ViewFigures(props: ViewFiguresProps) {
  const { measures, answer } = props;
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-3">
      {measures.map((measure) =>
        currenciesOf(answer.totals)
          .filter((currency) => props.view.currency === undefined || props.view.currency === currency)
          .map((currency) => (
            <OneFigure key={`${measure} ${currency}`} {...props} name={measure} currency={currency} />
          )),
      )}
    </dl>
  );
}

type OneFigureProps = ViewFiguresProps & { name: CostView["measures"][number]; currency: string };

function OneFigure({ view, plan, catalog, answer, measures, isFrozen, name, currency }: OneFigureProps) {
  const measure = measureOf(catalog, name);
  const total = answer.totals.find((one) => one.currency === currency)!;
  const figure = total.values[name];
  const before = total.comparison?.[name];
  const missing = figure?.value == null ? (figure?.missing ?? "It cannot be told.") : null;
  const good = goodDirection(name);
  const shown = (
    <MeasureFigure unit={measure.unit} figure={figure} currency={currency} quantityUnit={null} form="exact" />
  );
  return (
    <div className="min-w-0">
      <dt className={measures.length > 1 || answer.totals.length > 1 ? "text-xs text-text-2" : "sr-only"}>
        {measure.label}
        {answer.totals.length > 1 && `, ${currency}`}
      </dt>
      <dd className="truncate text-2xl font-semibold">
        {isFrozen === true || missing !== null ? (
          shown
        ) : (
          <Door {...{ view, plan, answer, name, currency }} label={measure.label}>
            {shown}
          </Door>
        )}
      </dd>
      <dd className="text-xs text-text-2">
        {missing !== null && missing}
        {missing === null && plan.comparison !== null && total.comparison !== undefined && (
          <>
            <ChangeFigure {...{ now: figure, before, currency, good }} unit={measure.unit} />
            {measure.unit === "money" && (
              <>
                {" "}
                <ChangePercent {...{ now: figure, before, currency, good }} />
              </>
            )}{" "}
            <span className="whitespace-nowrap">against {formatPeriod(plan.comparison)}</span>
          </>
        )}
      </dd>
    </div>
  );
}

type DoorProps = Pick<OneFigureProps, "view" | "plan" | "answer" | "name" | "currency"> & {
  label: string;
  children: ReactNode;
};

function Door({ view, plan, answer, name, currency, label, children }: DoorProps) {
  return (
    <FigureButton
      figure={{
        measure: name,
        period: plan.period,
        basis: view.basis,
        currency,
        ...(view.filter === undefined ? {} : { filter: view.filter }),
        ...(view.asOf === undefined ? {} : { asOf: view.asOf }),
      }}
      measureLabel={label}
      freshAt={answer.meta.freshAt}
    >
      {children}
    </FigureButton>
  );
}
