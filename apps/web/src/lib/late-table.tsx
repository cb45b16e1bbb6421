import type { DataTable as TableOf } from "@finops/ui/table/data-table";
import { TableSkeleton } from "@finops/ui/table/table-skeleton";
import { type ComponentProps, lazy, Suspense } from "react";

// On its way while the page already draws its figures, and never what the page waits for.
const loading = import("@finops/ui/table/data-table");
const LoadedTable = lazy(async () => ({ default: (await loading).DataTable as AnyTable }));

type AnyTable = (props: ComponentProps<typeof TableOf<unknown>>) => React.JSX.Element;

/** The kit's `DataTable` for pages that have figures and charts to show before it. */
export const DataTable = ((props) => (
  <Suspense fallback={<TableSkeleton columns={props.columns} />}>
    <LoadedTable {...props} />
  </Suspense>
)) as AnyTable as typeof TableOf;
