import { closestCenter, DndContext, type DragEndEvent, PointerSensor, useSensor, useSensors } from "@dnd-kit/core";
import { SortableContext, useSortable, verticalListSortingStrategy } from "@dnd-kit/sortable";
import { joinClasses } from "@finops/ui/text/join-classes";
import { useId, useLayoutEffect, useRef, useState } from "react";
import { itemName, moveItem } from "./item-edits.ts";
import { silentDrag } from "../../lib/documents/silent-drag.ts";
import { handleId, ItemBody, type ItemProps, type ReportItemsProps } from "./report-item.tsx";

// The same object at every drawing, or every item would get new handlers each time.
const pointerOptions = { activationConstraint: { distance: 4 } };

/** Items whose order is changed by pointer or by arrow keys. */
export function SortableItems(props: ReportItemsProps) {
  const { items, onItems } = props;
  const helpId = useId();
  const [said, setSaid] = useState("");
  const focusId = useRef<string | null>(null);
  const sensors = useSensors(useSensor(PointerSensor, pointerOptions));
  // An item that moves in the list is taken out of the page and put back, and loses the focus on the way.
  useLayoutEffect(() => {
    if (focusId.current !== null) document.getElementById(handleId(focusId.current))?.focus();
    focusId.current = null;
  }, [items]);
  const move = (id: string, to: number) => {
    const from = items.findIndex((item) => item.id === id);
    const next = moveItem(items, id, to);
    const place = next.findIndex((item) => item.id === id);
    setSaid(
      `${itemName(items[from]!)}: ${place === from ? "as far as it goes, " : ""}${place + 1} of ${items.length}.`,
    );
    if (place === from) return;
    focusId.current = document.activeElement?.id === handleId(id) ? id : null;
    onItems(next);
  };
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    if (over !== null && over.id !== active.id)
      move(
        String(active.id),
        items.findIndex((item) => item.id === over.id),
      );
  };
  return (
    <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={onDragEnd} accessibility={silentDrag}>
      <p id={helpId} hidden>
        Arrow keys move it up and down.
      </p>
      <SortableContext items={items.map((item) => item.id)} strategy={verticalListSortingStrategy}>
        <ol className="space-y-3" aria-label="Items">
          {items.map((item, index) => (
            <SortableItem
              key={item.id}
              {...props}
              item={item}
              helpId={helpId}
              onMove={(step) => move(item.id, index + step)}
            />
          ))}
        </ol>
      </SortableContext>
      <span role="status" aria-label="Order" className="sr-only">
        {said}
      </span>
    </DndContext>
  );
}

function SortableItem(props: Omit<ItemProps, "drag">) {
  const { setNodeRef, listeners, transform, transition, isDragging } = useSortable({ id: props.item.id });
  return (
    <li
      ref={setNodeRef}
      className={joinClasses("relative", isDragging && "z-10 opacity-80")}
      style={{
        transform: transform === null ? undefined : `translate3d(0, ${Math.round(transform.y)}px, 0)`,
        transition,
      }}
    >
      <ItemBody {...props} drag={listeners} />
    </li>
  );
}
