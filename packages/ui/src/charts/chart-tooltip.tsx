import type { ReactNode } from "react";
import { Delta } from "../figures/delta.tsx";
import { Money } from "../figures/money.tsx";
import { Percent } from "../figures/percent.tsx";
import { shareOf } from "./figure-text.ts";
import type { Part } from "./part.ts";

const boxWidth = 260;

interface TooltipBoxProps {
  /** The point that it speaks of, in the chart. */
  x: number;
  y: number;
  width: number;
  children: ReactNode;
}

/** Beside what it speaks of, never over it, and never out of the chart. Pointers pass through it. */
export function TooltipBox({ x, y, width, children }: TooltipBoxProps) {
  const left = x + 16 + boxWidth > width ? Math.max(0, x - 16 - boxWidth) : x + 16;
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute z-20 rounded-lg border border-line-strong bg-surface-1 p-3 text-xs shadow-[0_8px_24px_rgb(0_0_0/0.12)]"
      style={{ left, top: Math.max(0, y), width: Math.min(boxWidth, width) }}
    >
      {children}
    </div>
  );
}

interface PartTooltipProps extends Omit<TooltipBoxProps, "children"> {
  part: Part;
  total: string | null;
  currency: string;
  good?: "down" | "up" | "neither";
}

/** Exact money, share of the whole, and change. */
export function PartTooltip({ part, total, currency, good = "down", ...place }: PartTooltipProps) {
  const share = part.value === null ? null : shareOf(part.value, total);
  return (
    <TooltipBox {...place}>
      <p className="mb-1.5 line-clamp-3 text-sm font-semibold break-words" dir="auto">
        {part.label}
      </p>
      <dl className="space-y-1 text-text-2">
        <Line name="Amount">
          <span className="font-medium text-text-1">
            <Money amount={part.value} currency={currency} />
          </span>
        </Line>
        {share !== null && (
          <Line name="Share">
            <Percent ratio={share} />
          </Line>
        )}
        {part.before !== undefined && (
          <>
            <Line name="Before">
              <Money amount={part.before} currency={currency} missing="Nothing before." />
            </Line>
            <Line name="Change">
              <Delta now={part.value} before={part.before} currency={currency} good={good} />
            </Line>
          </>
        )}
      </dl>
    </TooltipBox>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-3">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
