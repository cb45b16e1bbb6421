import { Skeleton } from "@finops/ui/states/skeleton";

export function TableSkeleton() {
  return (
    <div className="space-y-3 p-4">
      {Array.from({ length: 10 }, (_, index) => (
        <Skeleton key={index} className="h-5 w-full" />
      ))}
    </div>
  );
}
