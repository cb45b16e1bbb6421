import { lazy, Suspense } from "react";
import { ItemBody, type ReportItemsProps } from "./report-item.tsx";

// Whoever only reads never loads what moves items.
const SortableItems = lazy(async () => ({ default: (await import("./sortable-items.tsx")).SortableItems }));

/** A report with its figures of now, in the order in which it is read. */
export function ReportItems(props: ReportItemsProps) {
  if (!props.isEditing) return <StillItems {...props} />;
  return (
    <Suspense fallback={<StillItems {...props} />}>
      <SortableItems {...props} />
    </Suspense>
  );
}

function StillItems(props: ReportItemsProps) {
  return (
    <ol className="space-y-3" aria-label="Items">
      {props.items.map((item) => (
        <li key={item.id}>
          <ItemBody {...props} isEditing={false} item={item} helpId="" onMove={() => undefined} drag={undefined} />
        </li>
      ))}
    </ol>
  );
}
