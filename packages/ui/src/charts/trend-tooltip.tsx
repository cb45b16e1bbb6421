import { parseDecimal, sum } from "@finops/kernel/decimal";
import { Delta } from "../figures/delta.tsx";
import { Money } from "../figures/money.tsx";
import type { PrintFigure, Series } from "./series.ts";

interface TrendTooltipProps {
  title: string;
  /** Why it is not what was spent. */
  note: string | null;
  series: readonly Series[];
  bucket: number;
  previous: string | null;
  currency: string;
  print?: PrintFigure | undefined;
  x: number;
  width: number;
}

const boxWidth = 280;
const partsMax = 12;

/** The exact figures of one bucket, biggest first, beside the pointer and never over what it points at. */
export function TrendTooltip(props: TrendTooltipProps) {
  const { title, note, series, bucket, previous, currency, print, x, width } = props;
  const figure = (amount: string) =>
    print === undefined ? (
      <Money amount={amount} currency={currency} />
    ) : (
      <data value={amount}>{print(amount, "exact")}</data>
    );
  const parts = series
    .flatMap((one) => (one.values[bucket] == null ? [] : [{ ...one, value: parseDecimal(one.values[bucket]) }]))
    .filter((part) => !part.value.isZero())
    .toSorted((a, b) => Number(a.isOther) - Number(b.isOther) || b.value.abs().comparedTo(a.value.abs()));
  const shown = parts.slice(0, partsMax);
  const total = sum(parts.map((part) => part.value)).toString();
  const left =
    width < boxWidth * 2 ? Math.max(0, (width - boxWidth) / 2) : x + 16 + boxWidth > width ? x - 16 - boxWidth : x + 16;
  return (
    <div
      role="status"
      className="pointer-events-none absolute top-1 z-20 rounded-lg border border-line-strong bg-surface-1 p-3 text-xs shadow-[0_8px_24px_rgb(0_0_0/0.12)]"
      style={{ left, width: boxWidth }}
    >
      <p className="mb-2 flex justify-between gap-3 text-sm font-semibold">
        <span>{title}</span>
        {figure(total)}
      </p>
      {note !== null && <p className="mb-2 text-text-2">{note}</p>}
      <ul className="space-y-1">
        {shown.map((part) => (
          <li key={part.id} className="flex items-center gap-2">
            <span className="size-2 shrink-0 rounded-[2px]" style={{ background: part.colour }} />
            <span className="min-w-0 flex-1 truncate text-text-2" dir="auto">
              {part.label}
            </span>
            {figure(part.value.toString())}
          </li>
        ))}
      </ul>
      {parts.length > shown.length && <p className="mt-1 text-text-3">and {parts.length - shown.length} more</p>}
      {previous !== null && (
        <p className="mt-2 flex items-center justify-between gap-2 border-t border-line pt-2 text-text-2">
          <span>
            Before: <Money amount={previous} currency={currency} />
          </span>
          <Delta now={total} before={previous} currency={currency} good="down" part="percent" />
        </p>
      )}
    </div>
  );
}
