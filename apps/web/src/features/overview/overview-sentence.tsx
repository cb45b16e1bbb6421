import { parseDecimal } from "@finops/kernel/decimal";
import { addDays, daysIn, monthOf, type Period } from "@finops/kernel/period";
import { fitText } from "@finops/ui/charts/part";
import { Money } from "@finops/ui/figures/money";
import { Percent } from "@finops/ui/figures/percent";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatDay, formatPeriod } from "@finops/ui/text/format-day";
import { FigureButton } from "../../lib/figure-button.tsx";
import { type Cause, findCause, moversOf, totalOf } from "./figures.ts";
import { filterWith, type OverviewView } from "./overview-view.ts";
import type { OverviewNavigation } from "./use-overview-navigation.ts";
import type { Answered } from "./use-overview.ts";

interface OverviewSentenceProps {
  totals: Answered | undefined;
  movers: Answered | undefined;
  currency: string | null;
  /** The period to compare with that was asked for, which may have no data. */
  asked: Period | null;
  drill: OverviewNavigation["drill"];
}

/** The one sentence that matters: where it stands, how that compares, and what explains it. */
export function OverviewSentence({ totals, movers, currency, asked, drill }: OverviewSentenceProps) {
  if (totals === undefined) return <Skeleton className="appear-late h-7 w-2/3" />;
  const { answer, view } = totals;
  const total = currency === null ? undefined : totalOf(totals, view.measure, currency);
  if (total === undefined || currency === null || total.now.value === null) return null;
  const filter = filterWith(view);
  const before = total.before?.value ?? null;
  return (
    <p className="max-w-5xl text-xl text-balance" data-testid="sentence">
      {nameOf(view)} stands at{" "}
      <FigureButton
        figure={{ measure: view.measure, period: view.period, currency, ...(filter === undefined ? {} : { filter }) }}
        measureLabel={view.measureLabel}
        freshAt={answer.meta.freshAt}
        className="font-semibold"
      >
        <Money amount={total.now.value} currency={currency} />
      </FigureButton>
      <span className="text-text-2">
        {" "}
        {view.measureLabel.toLowerCase()}
        {isRunningMonth(view) && ` to ${formatDay(addDays(view.period.end, -1), "day")}`}
      </span>
      {before !== null && view.comparison !== null && (
        <Change now={total.now.value} before={before} against={againstOf(view)} currency={currency} />
      )}
      {before !== null && movers !== undefined && (
        <Explanation cause={findCause(moversOf(movers, currency))} currency={currency} drill={drill} />
      )}
      {view.comparison === null && asked !== null && (
        <span className="text-text-2">; nothing in {formatPeriod(asked)} to compare it with</span>
      )}
      .
    </p>
  );
}

/** A month that still runs is called by its name; the day that it has come to stands beside. */
function isRunningMonth({ period, month }: OverviewView): boolean {
  return period.start === month.start && period.end < month.end;
}

function nameOf(view: OverviewView): string {
  return formatPeriod(isRunningMonth(view) ? view.month : view.period);
}

function againstOf(view: OverviewView): string {
  const { comparison, period } = view;
  const isSameDays =
    isRunningMonth(view) && comparison!.start.endsWith("-01") && daysIn(comparison!) === daysIn(period);
  return isSameDays ? `${formatPeriod(monthOf(comparison!.start))} at this day` : formatPeriod(comparison!);
}

function Change({
  now,
  before,
  against,
  currency,
}: {
  now: string;
  before: string;
  against: string;
  currency: string;
}) {
  const change = parseDecimal(now).minus(parseDecimal(before));
  if (change.isZero()) return <>, exactly as {against}</>;
  const ratio = parseDecimal(before).isZero()
    ? null
    : change.abs().dividedBy(parseDecimal(before).abs()).toDecimalPlaces(12).toString();
  return (
    <>
      ,{" "}
      <b className="font-semibold">
        {ratio === null ? <Money amount={change.abs().toString()} currency={currency} /> : <Percent ratio={ratio} />}
      </b>{" "}
      {change.isNegative() ? "below" : "above"} {against}
    </>
  );
}

/** A name of 300 characters would be the whole sentence. */
const namePixelsMax = 700;

const verbs: Record<Cause["kind"], string> = {
  new: "is new with",
  gone: "is gone with",
  rose: "rose by",
  fell: "fell by",
};

function Explanation({
  cause,
  currency,
  drill,
}: {
  cause: Cause | null;
  currency: string;
  drill: OverviewNavigation["drill"];
}) {
  if (cause === null) return null;
  const { part, change, share } = cause;
  // Where others moved against it, it explains more than all of the change, and a share of 240 % explains nothing.
  const explains = share !== null && share.lessThanOrEqualTo(1);
  return (
    <>
      ;{" "}
      <button
        type="button"
        onClick={() => drill(...part.conditions)}
        title="Show only this"
        className="inline rounded-sm text-left font-semibold decoration-text-3 decoration-dotted underline-offset-4 hover:text-accent hover:underline"
      >
        <bdi className="break-words">{fitText(part.name ?? part.label, namePixelsMax, 20)}</bdi>
      </button>{" "}
      {explains ? (
        <>
          {cause.kind === "new" || cause.kind === "gone" ? `is ${cause.kind} and ` : ""}explains{" "}
          <Percent ratio={share.toString()} places={0} /> of it (
          <Money amount={change.abs().toString()} currency={currency} />)
        </>
      ) : (
        <>
          {verbs[cause.kind]} <Money amount={change.abs().toString()} currency={currency} />
          {share !== null && ", more than all of it, as others moved the other way"}
        </>
      )}
    </>
  );
}
