import type { CostCatalog, Figure } from "@finops/capabilities/costs/contract";
import type { ExpectedCost } from "@finops/capabilities/forecasting/contract";
import type { FigureRequestInput } from "@finops/capabilities/proof/contract";
import { bucketsOf } from "@finops/kernel/buckets";
import { addDays, isWholeMonths, monthOf, type Period } from "@finops/kernel/period";
import { Sparkline } from "@finops/ui/charts/sparkline";
import { Delta } from "@finops/ui/figures/delta";
import { Money, Unknown } from "@finops/ui/figures/money";
import { Percent } from "@finops/ui/figures/percent";
import { ChoiceMenu } from "@finops/ui/primitives/choice-menu";
import type { Loadable } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatAgo, formatDay, formatInstant, formatPeriod } from "@finops/ui/text/format-day";
import type { ReactNode } from "react";
import { goodDirection } from "../../lib/cost-words.ts";
import { FigureButton } from "../../lib/figure-button.tsx";
import { serverClock } from "../../lib/server-clock.ts";
import { type Compared, ratioOf, totalOf } from "./figures.ts";
import { KpiCard, kpiGridClasses } from "./kpi-card.tsx";
import { filterWith, type MeasureName, monthsBefore, type OverviewView, taggable } from "./overview-view.ts";
import type { OverviewNavigation } from "./use-overview-navigation.ts";
import { type Answered, useExpected, useMonths, useTaggable, useUntagged } from "./use-overview.ts";

interface KpiRowProps {
  totals: Answered;
  catalog: CostCatalog;
  currency: string;
  available: Period;
  navigation: OverviewNavigation;
}

/** The figures that everyone asks for first, each in its own words and beside what it should be held against. */
export function KpiRow({ totals, catalog, currency, available, navigation }: KpiRowProps) {
  const { view } = totals;
  const months = useMonths(view);
  const expected = useExpected(view, currency);
  const freshAt = totals.answer.meta.freshAt;
  const lastMonth = monthOf(addDays(view.month.start, -1));
  const last = monthFigures(months.data, view, currency);
  return (
    <div className="@container">
      <ul className={kpiGridClasses} aria-label="Figures">
        <KpiCard
          label={nameOf(view)}
          about={`${view.measureLabel} of ${formatPeriod(view.period)}.`}
          figure={
            <DoorOf
              view={view}
              period={view.period}
              currency={currency}
              freshAt={freshAt}
              figure={totalOf(totals, view.measure, currency)?.now}
            />
          }
          beside={
            <Held
              compared={totalOf(totals, view.measure, currency)}
              measure={view.measure}
              against={view.comparison}
              currency={currency}
            />
          }
          foot={<Sparkline values={courseOf(totals, view.measure, currency)} />}
        />
        <KpiCard
          label={formatPeriod(lastMonth)}
          about={`${view.measureLabel} of the whole month before, against the month before that.`}
          figure={
            <Waiting of={months}>
              <DoorOf view={view} period={lastMonth} currency={currency} freshAt={freshAt} figure={last?.now} />
            </Waiting>
          }
          beside={
            <Held
              compared={last}
              measure={view.measure}
              against={monthOf(addDays(lastMonth.start, -1))}
              currency={currency}
            />
          }
          foot={<span>Last whole month</span>}
        />
        <ExpectedCard expected={expected} view={view} currency={currency} last={last} />
        <SavingsCard totals={totals} currency={currency} />
        <UntaggedCard view={view} catalog={catalog} currency={currency} freshAt={freshAt} navigation={navigation} />
        <KpiCard
          label="Data"
          about="How far the bills reach, and when the newest of them was published."
          figure={
            <span title={formatDay(addDays(available.end, -1))}>to {formatDay(addDays(available.end, -1), "day")}</span>
          }
          beside={
            freshAt === null ? null : (
              <span title={formatInstant(freshAt)}>published {formatAgo(freshAt, serverClock.now())}</span>
            )
          }
          foot={
            <a href="#data-health" className="text-accent hover:underline">
              What is missing
            </a>
          }
        />
      </ul>
    </div>
  );
}

function ExpectedCard({
  expected,
  view,
  currency,
  last,
}: {
  expected: Loadable<ExpectedCost>;
  view: OverviewView;
  currency: string;
  last: Compared | undefined;
}) {
  const data = expected.data;
  const isExpectable = view.measure === "effectiveCost" || view.measure === "billedCost" || data !== undefined;
  return (
    <KpiCard
      label={`Expected, end of ${formatDay(view.month.start, "month-short")}`}
      about={data?.method ?? "What the month will have cost when it is over, by weekday pattern and known fees."}
      figure={
        isExpectable ? (
          <Waiting of={expected}>
            {data?.expected.value == null ? (
              <Unknown because={data?.expected.missing ?? "It could not be computed."} />
            ) : (
              <span title={data.method}>
                <Money amount={data.expected.value} currency={currency} />
              </span>
            )}
          </Waiting>
        ) : (
          <Unknown
            because={`Nothing is expected of ${view.measureLabel.toLowerCase()}. Choose billed or effective cost.`}
          />
        )
      }
      beside={
        data?.expected.value != null && last?.now.value != null ? (
          <Delta
            now={data.expected.value}
            before={last.now.value}
            currency={currency}
            good={goodDirection(view.measure)}
            short
          />
        ) : (
          data?.expected.missing
        )
      }
      foot={
        data?.low.value != null && data.high.value != null ? (
          <span title={data.method}>
            80 %: <Money amount={data.low.value} currency={currency} short /> to{" "}
            <Money amount={data.high.value} currency={currency} short />
          </span>
        ) : (
          data !== undefined && data.expected.value !== null && <span title={data.low.missing}>no range yet</span>
        )
      }
    />
  );
}

function SavingsCard({ totals, currency }: { totals: Answered; currency: string }) {
  const { view } = totals;
  const savings = totalOf(totals, "totalSavings", currency);
  const rate = totalOf(totals, "effectiveSavingsRate", currency);
  return (
    <KpiCard
      label="Savings"
      about="List cost less effective cost, of rows that state a list cost."
      figure={
        <DoorOf
          view={{ ...view, measure: "totalSavings", measureLabel: "Total savings" }}
          period={view.period}
          currency={currency}
          freshAt={totals.answer.meta.freshAt}
          figure={savings?.now}
        />
      }
      beside={<Held compared={savings} measure="totalSavings" against={view.comparison} currency={currency} />}
      foot={
        <>
          Effective savings rate <Percent ratio={rate?.now.value ?? null} missing={rate?.now.missing} />
        </>
      }
    />
  );
}

function UntaggedCard({
  view,
  catalog,
  currency,
  freshAt,
  navigation,
}: {
  view: OverviewView;
  catalog: CostCatalog;
  currency: string;
  freshAt: string | null;
  navigation: OverviewNavigation;
}) {
  const all = useTaggable(view);
  const bare = useUntagged(view);
  const whole = totalOf(all.data, view.measure, currency);
  const without = totalOf(bare.data, view.measure, currency);
  const label = view.tag === null ? "Not tagged" : `Without the tag ${view.tag}`;
  const share = ratioOf(without?.now, whole?.now);
  const before = ratioOf(without?.before, whole?.before);
  return (
    <KpiCard
      label={label}
      about="Share of the cost that can carry a tag (usage; taxes, credits, support and purchases cannot) and does not carry this one."
      figure={
        view.tag === null ? (
          <Unknown because="No bill has a tag." />
        ) : (
          <Waiting of={bare}>
            <FigureButton
              figure={{
                measure: view.measure,
                period: view.period,
                currency,
                filter: filterWith(view, taggable, { dimension: `tag:${view.tag}`, isNull: true })!,
              }}
              measureLabel={`${view.measureLabel} without the tag ${view.tag}`}
              freshAt={freshAt}
            >
              <Percent ratio={share.value} missing={share.missing} />
            </FigureButton>
          </Waiting>
        )
      }
      beside={
        view.comparison !== null && share.value !== null && before.value !== null ? (
          <Delta now={share.value} before={before.value} good="down" />
        ) : null
      }
      foot={
        view.tag !== null && (
          <span className="flex items-center justify-between gap-2">
            <button
              type="button"
              className="truncate text-accent hover:underline"
              onClick={() => navigation.drill(["chargeCategory", "Usage"], [`tag:${view.tag}`, null])}
            >
              Show <Money amount={without?.now.value ?? "0"} currency={currency} short />
            </button>
            {catalog.tagKeys.length > 1 && (
              <span className="-my-2 shrink-0 [&_button]:h-6 [&_button]:border-transparent [&_button]:bg-transparent [&_button]:px-1 [&_button]:text-xs">
                <ChoiceMenu
                  label=""
                  value={view.tag}
                  choices={catalog.tagKeys.slice(0, 200).map((value) => ({ value, label: value }))}
                  onChoose={(tag) => navigation.change({ tag })}
                />
              </span>
            )}
          </span>
        )
      }
    />
  );
}

/** A figure that opens its proof, or the reason why there is none. */
function DoorOf({
  view,
  period,
  currency,
  freshAt,
  figure,
}: {
  view: OverviewView;
  period: Period;
  currency: string;
  freshAt: string | null;
  figure: Figure | undefined;
}) {
  if (figure?.value == null) return <Unknown because={figure?.missing ?? "There are no charges."} />;
  const filter = filterWith(view);
  const request: FigureRequestInput = {
    measure: view.measure,
    period,
    currency,
    ...(filter === undefined ? {} : { filter }),
  };
  return (
    <FigureButton figure={request} measureLabel={view.measureLabel} freshAt={freshAt} className="max-w-full truncate">
      <Money amount={figure.value} currency={currency} />
    </FigureButton>
  );
}

function Held({
  compared,
  measure,
  against,
  currency,
}: {
  compared: Compared | undefined;
  measure: string;
  against: Period | null;
  currency: string;
}) {
  if (against === null || compared?.now.value == null || compared.before?.value == null) return null;
  return (
    <span title={`Compared with ${formatPeriod(against)}`}>
      <Delta
        now={compared.now.value}
        before={compared.before.value}
        currency={currency}
        good={goodDirection(measure)}
        short
      />
    </span>
  );
}

function Waiting({ of, children }: { of: Loadable<unknown>; children: ReactNode }) {
  if (of.data === undefined && of.error !== null) return <Unknown because={of.error.message} />;
  return of.data === undefined && of.isFetching ? <Skeleton className="appear-late mt-1 h-5 w-24" /> : children;
}

function nameOf({ period, month }: OverviewView): string {
  if (period.start === month.start && !isWholeMonths(period)) return `${formatDay(month.start, "month-short")} to date`;
  return formatPeriod(period);
}

function monthFigures(
  months: Answered | undefined,
  { measure, month }: OverviewView,
  currency: string,
): Compared | undefined {
  const [before, last] = bucketsOf(monthsBefore(month, 2), "month").map((bucket) =>
    months?.answer.rows.find((row) => row.currency === currency && row.time?.slice(0, 10) === bucket),
  );
  const now = last?.values[measure];
  return now === undefined ? undefined : { now, before: before?.values[measure] };
}

function courseOf({ answer, view }: Answered, name: MeasureName, currency: string): (string | null)[] {
  const byTime = new Map(
    answer.rows
      .filter((row) => row.currency === currency && row.time !== null)
      .map((row) => [row.time!.slice(0, 10), row.values[name]?.value ?? null]),
  );
  return bucketsOf(view.period, view.grain).map((bucket) => byTime.get(bucket) ?? null);
}
