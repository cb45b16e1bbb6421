import type { CostAnswer, CostCatalog } from "@finops/capabilities/costs/contract";
import type { CostView, ViewPlan } from "@finops/capabilities/views/contract";
import { Delta } from "@finops/ui/figures/delta";
import { formatPeriod } from "@finops/ui/text/format-day";
import type { ReactNode } from "react";
import { goodDirection } from "../cost-words.ts";
import { FigureButton } from "../figure-button.tsx";
import { currenciesOf } from "./cost-answers.ts";
import { ChangeFigure, MeasureFigure } from "./measure-figure.tsx";
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

/** A view's measures in all, one by one, each beside what it is held against; amounts of other currencies stand below. */
export function ViewFigures(props: ViewFiguresProps) {
  const { measures, view, answer } = props;
  const currencies = currenciesOf(answer.totals).filter((one) => view.currency === undefined || view.currency === one);
  return (
    <dl className="@container flex flex-wrap gap-x-10 gap-y-4">
      {measures.map((name) => (
        <div key={name} className="min-w-0">
          <dt className={measures.length > 1 ? "text-xs text-text-2" : "sr-only"}>
            {measureOf(props.catalog, name).label}
          </dt>
          {currencies.map((currency, index) => (
            <OneFigure key={currency} {...props} name={name} currency={currency} isFirst={index === 0} />
          ))}
        </div>
      ))}
    </dl>
  );
}

type OneFigureProps = ViewFiguresProps & {
  name: CostView["measures"][number];
  currency: string;
  isFirst: boolean;
};

function OneFigure(props: OneFigureProps) {
  const { view, plan, catalog, answer, isFrozen, name, currency, isFirst } = props;
  const measure = measureOf(catalog, name);
  const total = answer.totals.find((one) => one.currency === currency)!;
  const figure = total.values[name];
  const missing = figure?.value == null ? (figure?.missing ?? "It cannot be told.") : null;
  const shown = (
    <MeasureFigure unit={measure.unit} figure={figure} currency={currency} quantityUnit={null} form="exact" />
  );
  const told =
    isFrozen === true || missing !== null ? (
      shown
    ) : (
      <Door {...{ view, plan, answer, name, currency }} label={measure.label}>
        {shown}
      </Door>
    );
  // Counts and rates are not amounts of a currency; they are told apart by the bills that they are of.
  if (!isFirst)
    return (
      <dd className="mt-0.5 truncate text-xs text-text-2">
        {measure.unit === "money" ? "also " : `${currency} bills: `}
        <span className="text-text-1">{told}</span> {missing ?? <Change {...props} />}
      </dd>
    );
  return (
    <>
      <dd className="truncate text-xl font-semibold @3xs:text-2xl">{told}</dd>
      <dd className="text-xs text-text-2">
        {missing ?? (
          <>
            <Change {...props} />
            {plan.comparison !== null && total.comparison !== undefined && (
              <span className="whitespace-nowrap"> against {formatPeriod(plan.comparison)}</span>
            )}
          </>
        )}
      </dd>
    </>
  );
}

function Change({ plan, catalog, answer, name, currency }: OneFigureProps) {
  const total = answer.totals.find((one) => one.currency === currency)!;
  if (plan.comparison === null || total.comparison === undefined) return null;
  const [now, before, good] = [total.values[name], total.comparison[name], goodDirection(name)];
  const { unit } = measureOf(catalog, name);
  if (unit === "money")
    return <Delta now={now?.value ?? null} before={before?.value ?? null} currency={currency} good={good} />;
  return <ChangeFigure {...{ unit, now, before, currency, good }} />;
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
