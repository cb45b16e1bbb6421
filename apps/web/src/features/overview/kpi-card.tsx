import { Skeleton } from "@finops/ui/states/skeleton";
import type { ReactNode } from "react";

interface KpiCardProps {
  label: string;
  /** What it means, behind its name. */
  about: string;
  figure: ReactNode;
  /** What it is held against. */
  beside?: ReactNode;
  /** Its course, or more about it. */
  foot?: ReactNode;
}

/** One figure that everyone asks for first, beside what it should be held against. */
export function KpiCard({ label, about, figure, beside, foot }: KpiCardProps) {
  return (
    <li className="flex min-w-0 flex-col bg-surface-1 px-3 py-3 @sm:px-4">
      <h2 className="truncate text-xs text-text-2" title={about}>
        {label}
      </h2>
      <div className="mt-0.5 truncate text-lg font-semibold @sm:text-xl">{figure}</div>
      <div className="min-h-4 truncate text-xs text-text-2">{beside}</div>
      <div className="mt-auto min-h-6 truncate pt-2 text-xs text-text-2">{foot}</div>
    </li>
  );
}

/** By the room that they have, not by the window: a proof beside the page takes half of it. Stands inside `@container`. */
export const kpiGridClasses =
  "grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line @xl:grid-cols-3 @5xl:grid-cols-6";

export function KpiSkeleton() {
  return (
    <div className="@container">
      <div className={kpiGridClasses}>
        {Array.from({ length: 6 }, (_, index) => (
          <div key={index} className="h-[118px] bg-surface-1 px-4 py-3">
            <Skeleton className="h-3 w-24" />
            <Skeleton className="mt-3 h-6 w-32" />
            <Skeleton className="mt-3 h-3 w-20" />
          </div>
        ))}
      </div>
    </div>
  );
}
