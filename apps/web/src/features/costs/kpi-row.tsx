import type { CostCatalog } from "@finops/capabilities/costs/contract";
import { Sparkline } from "@finops/ui/charts/sparkline";
import { Delta } from "@finops/ui/figures/delta";
import { Money } from "@finops/ui/figures/money";
import { Percent } from "@finops/ui/figures/percent";
import { Skeleton } from "@finops/ui/states/skeleton";
import { joinClasses } from "@finops/ui/text/join-classes";
import { formatPeriod } from "@finops/ui/text/format-day";
import { bucketsOf, type CostView, goodDirection, isStackable, type MeasureName } from "./cost-view.ts";
import { type Answered, kpiMeasures } from "./use-costs.ts";

interface KpiRowProps {
  totals: Answered;
  catalog: CostCatalog;
  currency: string;
  /** The measure that the rest of the page shows. */
  measure: MeasureName;
  onMeasure: (measure: MeasureName) => void;
}

/** The figures that everyone asks for first. One that can be broken down puts itself in charge of the page. */
export function KpiRow({ totals, catalog, currency, measure, onMeasure }: KpiRowProps) {
  return (
    <ul className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line md:grid-cols-3 xl:grid-cols-5">
      {kpiMeasures.map((name) => {
        const known = catalog.measures.find((one) => one.name === name);
        if (known === undefined) return null;
        const figure = (
          <KpiFigure totals={totals} name={name} unit={known.unit} currency={currency} label={known.label} />
        );
        return (
          <li key={name} title={known.about} className="bg-surface-1 max-xl:last:col-span-2">
            {isStackable(known) ? (
              <button
                type="button"
                aria-pressed={name === measure}
                onClick={() => onMeasure(name)}
                className={joinClasses(
                  "block h-full w-full px-4 py-3 text-left hover:bg-surface-2",
                  name === measure && "shadow-[inset_0_2px_0_var(--accent)]",
                )}
              >
                {figure}
              </button>
            ) : (
              <div className="px-4 py-3">{figure}</div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function KpiFigure({
  totals: { answer, view },
  name,
  unit,
  currency,
  label,
}: {
  totals: Answered;
  name: MeasureName;
  unit: CostCatalog["measures"][number]["unit"];
  currency: string;
  label: string;
}) {
  const total = answer.totals.find((one) => one.currency === currency);
  const now = total?.values[name];
  const before = total?.comparison?.[name];
  const isMoney = unit === "money";
  return (
    <>
      <span className="block truncate text-xs text-text-2">{label}</span>
      <span className="mt-0.5 block truncate text-xl font-semibold">
        {isMoney ? (
          <Money amount={now?.value ?? null} currency={currency} missing={now?.missing} />
        ) : (
          <Percent ratio={now?.value ?? null} missing={now?.missing} />
        )}
      </span>
      <span
        className="block h-4 truncate text-xs"
        title={view.comparison === null ? undefined : `Compared with ${formatPeriod(view.comparison)}`}
      >
        {view.comparison !== null && now?.value != null && before?.value != null && (
          <Delta
            now={now.value}
            before={before.value}
            good={goodDirection(name)}
            short
            {...(isMoney ? { currency } : {})}
          />
        )}
      </span>
      <span className="mt-2 block">
        <Sparkline values={courseOf(answer, view, name, currency)} />
      </span>
    </>
  );
}

function courseOf(answer: Answered["answer"], view: CostView, name: MeasureName, currency: string): (string | null)[] {
  const byTime = new Map(
    answer.rows
      .filter((row) => row.currency === currency && row.time !== null)
      .map((row) => [row.time!.slice(0, 10), row.values[name]?.value ?? null]),
  );
  return bucketsOf(view.period, view.grain).map((bucket) => byTime.get(bucket) ?? null);
}

export function KpiSkeleton() {
  return (
    <div className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line md:grid-cols-3 xl:grid-cols-5">
      {kpiMeasures.map((name) => (
        <div key={name} className="h-[126px] bg-surface-1 px-4 py-3 max-xl:last:col-span-2">
          <Skeleton className="h-3 w-24" />
          <Skeleton className="mt-3 h-6 w-32" />
          <Skeleton className="mt-3 h-3 w-20" />
        </div>
      ))}
    </div>
  );
}
