import { type ComponentType, createElement, lazy } from "react";
import { late } from "../../lib/late.tsx";
import { useNearScreen } from "../../lib/use-near-screen.ts";

/** What the first screen does not show: tables behind a switch, and what stands below the fold. */
export const TrendTable = late(
  lazy(async () => ({ default: (await import("./trend-table.tsx")).TrendTable })),
  "h-[380px]",
);
export const GroupsTable = late(
  lazy(async () => ({ default: (await import("./groups-table.tsx")).GroupsTable })),
  "h-[420px]",
);
export const MoversTable = late(
  lazy(async () => ({ default: (await import("./movers-table.tsx")).MoversTable })),
  "h-[380px]",
);
export const HeatCard = whenSeen(
  late(
    lazy(async () => ({ default: (await import("./heat-card.tsx")).HeatCard })),
    "h-[360px]",
  ),
  "min-h-[360px]",
);
export const ResourcesCard = whenSeen(
  late(
    lazy(async () => ({ default: (await import("./resources-card.tsx")).ResourcesCard })),
    "h-[480px]",
  ),
  "min-h-[480px]",
);

/** What nobody scrolls to is neither loaded nor asked for. */
function whenSeen<Props extends object>(Block: ComponentType<Props>, sizeClass: string) {
  return function SeenBlock(props: Props) {
    const { ref, isNear } = useNearScreen<HTMLDivElement>();
    return isNear ? createElement(Block, props) : <div ref={ref} className={sizeClass} />;
  };
}
