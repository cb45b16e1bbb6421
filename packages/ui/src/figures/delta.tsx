import { parseDecimal } from "@finops/kernel/decimal";
import { ArrowDownRight, ArrowUpRight, Equal } from "lucide-react";
import { formatMoney, formatMoneyExact, formatMoneyShort, formatPercent } from "../text/format-figure.ts";
import { joinClasses } from "../text/join-classes.ts";
import { Unknown } from "./money.tsx";

interface DeltaProps {
  now: string | null;
  before: string | null;
  /** Of money; without it the two are ratios and their difference is in percentage points. */
  currency?: string;
  /** Which way is good: costs fall, savings rise. `neither` has no colour. */
  good: "down" | "up" | "neither";
  short?: boolean;
  missing?: string | undefined;
  /** Only the amount, or only the percentage, where the other stands in a column of its own. */
  part?: "amount" | "percent" | "both";
}

/** What changed, in money and percent, and whether that is good: by sign and word, not by colour alone. */
export function Delta({ now, before, currency, good, short = false, missing, part = "both" }: DeltaProps) {
  if (now === null && before === null) return <Unknown because={missing ?? "Nothing to compare with."} />;
  // A group that is gone, or new, is compared with nothing spent.
  const change = parseDecimal(now ?? "0").minus(parseDecimal(before ?? "0"));
  const ratio =
    before === null || parseDecimal(before).isZero()
      ? null
      : change.dividedBy(parseDecimal(before).abs()).toDecimalPlaces(12);
  const direction = change.isZero() ? "same" : change.isNegative() ? "down" : "up";
  const verdict = direction === "same" || good === "neither" ? "neutral" : direction === good ? "good" : "bad";
  const sign = direction === "up" ? "+" : "";
  const amount =
    currency === undefined
      ? `${sign}${formatPercent(change.toString()).replace(" %", " pts")}`
      : `${sign}${(short ? formatMoneyShort : formatMoney)(change.toString(), currency)}`;
  const percent =
    currency === undefined
      ? null
      : ratio === null
        ? direction === "same"
          ? null
          : before === null || before === "0"
            ? "new"
            : null
        : `${sign}${formatPercent(ratio.toString())}`;
  const shown =
    part === "amount"
      ? amount
      : part === "percent"
        ? (percent ?? "–")
        : `${amount}${percent === null ? "" : ` (${percent})`}`;
  const Icon = direction === "same" ? Equal : direction === "up" ? ArrowUpRight : ArrowDownRight;
  return (
    <span
      data-verdict={verdict}
      title={currency === undefined ? change.toString() : formatMoneyExact(`${sign}${change.toString()}`, currency)}
      className={joinClasses(
        "inline-flex items-center gap-0.5 align-bottom whitespace-nowrap tabular-nums",
        verdict === "good" && "text-positive",
        verdict === "bad" && "text-negative",
        verdict === "neutral" && "text-text-2",
      )}
    >
      {part !== "percent" && <Icon size={14} aria-hidden className="shrink-0" />}
      {shown}
      {verdict !== "neutral" && <span className="sr-only">{verdict === "good" ? ", better" : ", worse"}</span>}
    </span>
  );
}
