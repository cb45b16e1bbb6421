import type { CostAnswer, CostRow } from "@finops/capabilities/costs/contract";
import { decimal, parseDecimal } from "@finops/kernel/decimal";
import type { Period } from "@finops/kernel/period";
import { Money } from "@finops/ui/figures/money";
import { Percent } from "@finops/ui/figures/percent";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatPeriod } from "@finops/ui/text/format-day";
import type { CostView } from "./cost-view.ts";
import { groupLabel } from "./trend-series.ts";
import type { Answered } from "./use-costs.ts";

/** The one sentence that matters: where it stands, how that compares, and what explains it. */
export function CostSentence({
  groups,
  currency,
  asked,
}: {
  groups: Answered | undefined;
  currency: string | null;
  asked: Period | null;
}) {
  if (groups === undefined) return <Skeleton className="appear-late h-6 w-2/3" />;
  const { answer, view } = groups;
  const total = answer.totals.find((one) => one.currency === currency);
  const now = total?.values[view.measure]?.value ?? null;
  if (total === undefined || currency === null || now === null) return null;
  const before = total.comparison?.[view.measure]?.value ?? null;
  return (
    <p className="max-w-4xl text-xl text-balance" data-testid="sentence">
      {formatPeriod(view.period)} stands at{" "}
      <b className="font-semibold">
        <Money amount={now} currency={currency} />
      </b>
      <span className="text-text-2"> {view.measureLabel.toLowerCase()}</span>
      {before !== null && view.comparison !== null && (
        <Change now={now} before={before} view={view} answer={answer} currency={currency} />
      )}
      {view.comparison === null && asked !== null && (
        <span className="text-text-2">; nothing in {formatPeriod(asked)} to compare it with</span>
      )}
      .
    </p>
  );
}

function Change({
  now,
  before,
  view,
  answer,
  currency,
}: {
  now: string;
  before: string;
  view: CostView;
  answer: CostAnswer;
  currency: string;
}) {
  const change = parseDecimal(now).minus(parseDecimal(before));
  if (change.isZero()) return <>, exactly as {formatPeriod(view.comparison!)}</>;
  const ratio = parseDecimal(before).isZero()
    ? null
    : change.abs().dividedBy(parseDecimal(before).abs()).toDecimalPlaces(12).toString();
  const mover = biggestMover(answer.rows, view, currency, change.isNegative());
  return (
    <>
      ,{" "}
      <b className="font-semibold">
        {ratio === null ? <Money amount={change.abs().toString()} currency={currency} /> : <Percent ratio={ratio} />}
      </b>{" "}
      {change.isNegative() ? "below" : "above"} {formatPeriod(view.comparison!)}
      {mover !== null && (
        <>
          ; <bdi className="font-semibold">{mover.label}</bdi> {change.isNegative() ? "fell" : "rose"} most, by{" "}
          <Money amount={mover.change} currency={currency} />
        </>
      )}
    </>
  );
}

/** The group that moved furthest in the direction in which the whole moved. */
function biggestMover(
  rows: readonly CostRow[],
  view: CostView,
  currency: string,
  isFall: boolean,
): { label: string; change: string } | null {
  const moves = rows
    .filter((row) => row.currency === currency && row.comparison !== undefined)
    .map((row) => ({
      label: groupLabel(row, view),
      change: decimal(row.values[view.measure]?.value ?? "0").minus(
        decimal(row.comparison?.[view.measure]?.value ?? "0"),
      ),
    }))
    .filter((move) => !move.change.isZero() && move.change.isNegative() === isFall)
    .toSorted((a, b) => b.change.abs().comparedTo(a.change.abs()));
  const first = moves[0];
  return first === undefined ? null : { label: first.label, change: first.change.abs().toString() };
}
