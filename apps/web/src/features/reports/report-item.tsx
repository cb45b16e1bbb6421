import type { CostCatalog } from "@finops/capabilities/costs/contract";
import type { ReportItem } from "@finops/capabilities/reports/contract";
import type { ViewMoment } from "@finops/capabilities/views/contract";

import { joinClasses } from "@finops/ui/text/join-classes";
import { Link } from "@tanstack/react-router";
import { Compass, GripVertical } from "lucide-react";
import type { HTMLAttributes, ReactNode } from "react";
import { useViewAnswers } from "../../lib/cost-view/use-view-answers.ts";
import { aboutAnswers, ViewContent } from "../../lib/cost-view/view-content.tsx";
import { useNearScreen } from "../../lib/use-near-screen.ts";
import { writeView } from "../../lib/view-search.ts";
import { PartMenu } from "../../lib/documents/part-menu.tsx";
import { itemName } from "./item-edits.ts";
import { Paragraphs } from "./paragraphs.tsx";

export interface ReportItemsProps {
  items: readonly ReportItem[];
  catalog: CostCatalog;
  moment: ViewMoment;
  isEditing: boolean;
  onItems: (items: ReportItem[]) => void;
  onEdit: (id: string) => void;
  onDuplicate: (id: string) => void;
  onRemove: (id: string) => void;
}

export interface ItemProps extends ReportItemsProps {
  item: ReportItem;
  helpId: string;
  onMove: (step: -1 | 1) => void;
  drag: HTMLAttributes<HTMLElement> | undefined;
}

/** A text, a figure, a chart or a table under its name. */
export function ItemBody(props: ItemProps) {
  const { item } = props;
  if (item.kind !== "text") return <ViewItem {...props} item={item} />;
  return (
    <Frame {...props}>
      <div className="px-4 pb-3">
        <Paragraphs text={item.text} empty="No text yet." />
      </div>
    </Frame>
  );
}

const heights = { figure: 72, chart: 320, table: 380 };
const previewRows = 50;

function ViewItem(props: ItemProps & { item: Exclude<ReportItem, { kind: "text" }> }) {
  const { item, catalog, moment } = props;
  const { ref, isNear } = useNearScreen<HTMLDivElement>();
  const answers = useViewAnswers({
    view: item.view,
    shows: item.kind,
    moment,
    rowsMax: item.kind === "table" ? Math.min(item.rowsMax, previewRows) : previewRows,
    isWanted: isNear,
  });
  return (
    <Frame
      {...props}
      about={`${aboutAnswers(answers, catalog)}${item.kind === "table" ? `, the first ${item.rowsMax}` : ""}`}
      tools={
        <Link
          to="/explorer"
          search={writeView(item.view) as never}
          aria-label={`${itemName(item)} in the explorer`}
          title="Open in the explorer"
          className="grid size-8 place-items-center rounded-md text-text-2 hover:bg-surface-3 hover:text-text-1"
        >
          <Compass size={16} aria-hidden />
        </Link>
      }
    >
      <div ref={ref}>
        <ViewContent
          title={itemName(item)}
          answers={answers}
          catalog={catalog}
          measures={item.view.measures}
          height={heights[item.kind]}
        />
      </div>
    </Frame>
  );
}

interface FrameProps extends ItemProps {
  about?: string;
  tools?: ReactNode;
  children: ReactNode;
}

function Frame({ item, about, tools, isEditing, helpId, drag, children, ...acts }: FrameProps) {
  const name = itemName(item);
  const hasHead = item.kind !== "text" || isEditing;
  return (
    <section
      aria-label={name}
      className={joinClasses("min-w-0 overflow-hidden rounded-lg border border-line bg-surface-1", !hasHead && "pt-3")}
    >
      {hasHead && (
        <header className="flex items-start gap-1 py-2 pr-2 pl-4">
          {isEditing && (
            <button
              type="button"
              id={handleId(item.id)}
              aria-label={`Move ${name}`}
              aria-describedby={helpId}
              title="Drag to move. Arrow keys move."
              onKeyDown={(event) => {
                const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : null;
                if (step === null) return;
                event.preventDefault();
                acts.onMove(step);
              }}
              className="-ml-2.5 grid size-8 shrink-0 cursor-grab touch-none place-items-center rounded-md text-text-3 hover:bg-surface-3 hover:text-text-1 active:cursor-grabbing"
              {...drag}
            >
              <GripVertical size={16} aria-hidden />
            </button>
          )}
          <div className="min-w-0 flex-1 pt-1">
            {item.kind !== "text" && (
              <h2 className="truncate text-base font-semibold" title={name} dir="auto">
                {name}
              </h2>
            )}
            {about !== undefined && <p className="truncate text-xs text-text-2">{about}</p>}
          </div>
          <div className="flex shrink-0 items-center">
            {tools}
            {isEditing && (
              <PartMenu
                name={name}
                onEdit={() => acts.onEdit(item.id)}
                onDuplicate={() => acts.onDuplicate(item.id)}
                onMove={(way) => acts.onMove(way === "up" ? -1 : 1)}
                onRemove={() => acts.onRemove(item.id)}
              />
            )}
          </div>
        </header>
      )}
      {children}
    </section>
  );
}

export function handleId(id: string): string {
  return `item-handle-${id}`;
}
