import { useMemo } from "react";
import { formatMoneyShort } from "../text/format-figure.ts";
import { BarRows } from "./bar-rows.tsx";
import { totalOf } from "./figure-text.ts";
import type { Part } from "./part.ts";
import { otherColour, seriesColours } from "./series.ts";

interface HorizontalBarsProps {
  description: string;
  parts: readonly Part[];
  currency: string;
  /** Of what the shares are; the sum of the parts where it is left out. */
  total?: string;
  /** The same colour for each part as on other charts; otherwise all have the accent. */
  hasColours?: boolean;
  good?: "down" | "up" | "neither";
  onActivate?: (part: Part) => void;
}

/** The biggest, in the order given, from a common zero. */
export function HorizontalBars({ parts, currency, hasColours = false, good, ...rest }: HorizontalBarsProps) {
  const rows = useMemo(
    () => parts.flatMap((part) => (part.value === null ? [] : [{ part, amount: part.value }])),
    [parts],
  );
  const colours = useMemo(() => seriesColours(parts.map((part) => part.id)), [parts]);
  if (rows.length === 0) return <p className="py-4 text-sm text-text-2">Nothing to show.</p>;
  return (
    <BarRows
      description={rest.description}
      rows={rows}
      currency={currency}
      good={good ?? "down"}
      total={rest.total ?? totalOf(parts)}
      onActivate={rest.onActivate}
      colourOf={({ part }) =>
        part.isOther === true
          ? otherColour
          : (part.colour ?? (hasColours ? (colours.get(part.id) ?? otherColour) : "var(--accent)"))
      }
      textOf={(bar) => formatMoneyShort(bar.amount, currency)}
    />
  );
}
