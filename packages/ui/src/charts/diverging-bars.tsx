import { useMemo } from "react";
import { formatMoneyShort } from "../text/format-figure.ts";
import { BarRows } from "./bar-rows.tsx";
import { findMovers } from "./movers.ts";
import type { Part } from "./part.ts";

interface DivergingBarsProps {
  description: string;
  /** With `before`: what rose and what fell between the two. */
  parts: readonly Part[];
  currency: string;
  /** Which way is good; costs fall. */
  good?: "down" | "up";
  countMax?: number;
  onActivate?: (part: Part) => void;
}

/** What rose and what fell, in money, from the biggest rise to the biggest fall. */
export function DivergingBars({
  description,
  parts,
  currency,
  good = "down",
  countMax = 12,
  onActivate,
}: DivergingBarsProps) {
  const movers = useMemo(() => findMovers(parts, countMax), [parts, countMax]);
  if (movers.length === 0) return <p className="py-4 text-sm text-text-2">Nothing moved.</p>;
  return (
    <BarRows
      description={description}
      rows={movers}
      currency={currency}
      good={good}
      onActivate={onActivate}
      colourOf={(bar) => (bar.isNegative === (good === "down") ? "var(--positive)" : "var(--negative)")}
      textOf={(bar) => `${bar.isNegative ? "" : "+"}${formatMoneyShort(bar.amount, currency)}`}
    />
  );
}
