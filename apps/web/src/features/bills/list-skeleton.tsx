import { Skeleton } from "@finops/ui/states/skeleton";

export function ListSkeleton() {
  return (
    <div className="space-y-3 px-4 pb-4">
      <Skeleton className="h-6 w-full" />
      <Skeleton className="h-6 w-full" />
      <Skeleton className="h-6 w-full" />
    </div>
  );
}
