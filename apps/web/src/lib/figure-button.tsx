import type { FigureRequestInput } from "@finops/capabilities/proof/contract";
import { formatAgo, formatPeriod } from "@finops/ui/text/format-day";
import { FigureTooltip } from "@finops/ui/primitives/tooltip";
import { joinClasses } from "@finops/ui/text/join-classes";
import type { ReactNode } from "react";
import { useFigureDoor } from "./figure-door.ts";
import { serverClock } from "./server-clock.ts";

interface FigureButtonProps {
  figure: FigureRequestInput;
  /** The measure in words. */
  measureLabel: string;
  /** When the newest of the bills behind it was published. */
  freshAt: string | null;
  className?: string;
  children: ReactNode;
}

/** A figure that is a door: pointing at it says what it is, opening it shows its proof beside the page. */
export function FigureButton({ figure, measureLabel, freshAt, className, children }: FigureButtonProps) {
  const open = useFigureDoor();
  return (
    <FigureTooltip
      measure={measureLabel}
      period={formatPeriod(figure.period)}
      currency={figure.currency}
      way="Opens the proof"
      {...(freshAt === null ? {} : { freshness: `Published ${formatAgo(freshAt, serverClock.now())}` })}
    >
      <button
        type="button"
        onClick={() => open(figure)}
        className={joinClasses(
          "rounded-sm text-left decoration-text-3 decoration-dotted underline-offset-4 hover:text-accent hover:underline",
          className,
        )}
      >
        {children}
      </button>
    </FigureTooltip>
  );
}
