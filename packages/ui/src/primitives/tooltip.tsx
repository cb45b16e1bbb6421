import { Tooltip as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";

interface TooltipProps {
  /** What stands in it; it may not be the only place that says so. */
  content: ReactNode;
  side?: "top" | "right" | "bottom" | "left";
  /** What it belongs to: something that can have the focus. */
  children: ReactElement;
}

/** A word more, by pointer and by keyboard focus. Escape sends it away. */
export function Tooltip({ content, side = "top", children }: TooltipProps) {
  return (
    <Radix.Provider delayDuration={300} skipDelayDuration={200}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            side={side}
            sideOffset={4}
            collisionPadding={8}
            className="appear z-50 max-w-72 rounded-md border border-line-strong bg-surface-1 px-2.5 py-1.5 text-xs text-text-1 shadow-[0_8px_24px_rgb(0_0_0/0.12)]"
          >
            {content}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}

interface FigureTooltipProps {
  measure: string;
  /** What the measure means. */
  about?: string | undefined;
  period: string;
  currency?: string | undefined;
  /** How fresh it is: "Bills up to 21 Nov 2026, read 2 h ago". */
  freshness?: string | undefined;
  /** What a click does, such as "Click for the proof". */
  way?: string;
  children: ReactElement;
}

/** What a figure is: measure, period, currency, freshness. */
export function FigureTooltip({ measure, about, period, currency, freshness, way, children }: FigureTooltipProps) {
  return (
    <Tooltip
      content={
        <span className="block space-y-0.5">
          <b className="block font-semibold">{measure}</b>
          {about !== undefined && <span className="block text-text-2">{about}</span>}
          <span className="block">
            {period}
            {currency !== undefined && `, in ${currency}`}
          </span>
          {freshness !== undefined && <span className="block text-text-2">{freshness}</span>}
          {way !== undefined && <span className="block pt-0.5 text-accent">{way}</span>}
        </span>
      }
    >
      {children}
    </Tooltip>
  );
}
