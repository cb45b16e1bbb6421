import { Skeleton } from "./skeleton.tsx";

/** The true shape of a chart on its way: an axis and bars of the height that it will have. */
export function ChartSkeleton({ height = 280 }: { height?: number }) {
  return (
    <div aria-hidden className="flex items-end gap-2 px-4 pb-4" style={{ height: height + 16 }}>
      {barHeights.map((share, index) => (
        <div key={index} className="flex-1" style={{ height: `${share}%` }}>
          <Skeleton className="h-full w-full" />
        </div>
      ))}
    </div>
  );
}

const barHeights = [52, 61, 58, 66, 72, 64, 44, 48, 69, 74, 71, 78, 70, 50, 54, 80];
