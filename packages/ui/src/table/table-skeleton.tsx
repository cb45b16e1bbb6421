import { Skeleton } from "../states/skeleton.tsx";
import { joinClasses } from "../text/join-classes.ts";
import { type DataColumn, isFigure, widthOf } from "./column.ts";
import { useRowSize } from "./density.ts";

interface TableSkeletonProps {
  /** The columns that will come; the same list as the table's. */
  columns: readonly Pick<DataColumn<never>, "id" | "kind" | "width">[];
  rows?: number;
}

/** The true shape of a table that is still on its way: its toolbar, its columns, its rows. */
export function TableSkeleton({ columns, rows = 10 }: TableSkeletonProps) {
  const rowSize = useRowSize();
  return (
    <div aria-hidden className="overflow-hidden">
      <div className="flex h-10 items-center justify-between border-b border-line px-4">
        <Skeleton className="h-4 w-40" />
        <Skeleton className="h-4 w-24" />
      </div>
      {Array.from({ length: rows + 1 }, (_, row) => (
        <div
          key={row}
          className={joinClasses("flex items-center border-b border-line px-1", row === 0 ? "h-8" : rowSize.className)}
        >
          {columns.map((column, place) => {
            const width = widthOf(column, place);
            return (
              <div
                key={column.id}
                className={width === null ? "min-w-40 flex-1 px-3" : "shrink-0 px-3"}
                style={width === null ? undefined : { width }}
              >
                <Skeleton
                  className={
                    row === 0
                      ? isFigure(column)
                        ? "ml-auto h-3 w-1/2"
                        : "h-3 w-1/2"
                      : isFigure(column)
                        ? "ml-auto h-3.5 w-2/3"
                        : row % 3 === 0
                          ? "h-3.5 w-1/2"
                          : "h-3.5 w-3/4"
                  }
                />
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}
