import type { Tile } from "@finops/capabilities/dashboards/contract";
import type { CostCatalog } from "@finops/capabilities/costs/contract";
import type { CostView, ViewMoment } from "@finops/capabilities/views/contract";
import { Button } from "@finops/ui/primitives/button";

import { joinClasses } from "@finops/ui/text/join-classes";
import { Link } from "@tanstack/react-router";
import { ChartNoAxesColumn, Compass, GripVertical, Table2 } from "lucide-react";
import {
  type HTMLAttributes,
  type KeyboardEvent,
  memo,
  type PointerEvent,
  type ReactNode,
  useMemo,
  useState,
} from "react";
import { useViewAnswers } from "../../lib/cost-view/use-view-answers.ts";
import { aboutAnswers, ViewContent } from "../../lib/cost-view/view-content.tsx";
import { PartMenu } from "../../lib/documents/part-menu.tsx";
import { useNearScreen } from "../../lib/use-near-screen.ts";
import { writeView } from "../../lib/view-search.ts";
import { withPeriod } from "./dashboard-search.ts";
import { tileName } from "./tile-edits.ts";

/** What can be done with a tile while the dashboard is edited. The same functions at every drawing. */
export interface TileActions {
  onKey: (event: KeyboardEvent, id: string) => void;
  onMove: (id: string, way: "up" | "down") => void;
  onEdit: (id: string) => void;
  onDuplicate: (id: string) => void;
  onRemove: (id: string) => void;
  onResizeStart: (event: PointerEvent<HTMLElement>, id: string) => void;
}

interface TileCardProps {
  tile: Tile;
  catalog: CostCatalog;
  moment: ViewMoment;
  /** One for all tiles, or null. */
  period: CostView["period"] | null;
  /** In pixels. */
  height: number;
  helpId: string;
  /** Null while nobody edits. */
  actions: TileActions | null;
  /** What the handle needs for dragging. */
  drag?: HTMLAttributes<HTMLElement> | undefined;
  isMoved?: boolean;
}

const rowsShown = 200;

/** A tile of a dashboard: its title, what it is of, and the figures or the words. */
export const TileCard = memo(function TileCard(props: TileCardProps) {
  const { tile } = props;
  return tile.kind === "text" ? <TextTile {...props} tile={tile} /> : <ViewTile {...props} tile={tile} />;
}, isSameCard);

/** Where a tile stands is the grid's: of forty tiles that make room for one, none is drawn anew. */
function isSameCard({ tile: before, ...old }: TileCardProps, { tile, ...next }: TileCardProps): boolean {
  return isShallowSame(old, next) && isShallowSame({ ...before, place: null }, { ...tile, place: null });
}

function isShallowSame(a: object, b: object): boolean {
  const [left, right] = [Object.entries(a), Object.entries(b)];
  return left.length === right.length && left.every(([key, value]) => Object.is(value, b[key as keyof typeof b]));
}

type Of<K extends Tile["kind"]> = TileCardProps & { tile: Extract<Tile, { kind: K }> };

function TextTile(props: Of<"text">) {
  const { tile } = props;
  return (
    <Frame {...props}>
      <div className="min-h-0 flex-1 space-y-2 overflow-y-auto px-4 py-3 text-base" dir="auto">
        {tile.text.trim() === "" ? (
          <p className="text-text-3">No text yet.</p>
        ) : (
          tile.text.split(/\n{2,}/).map((paragraph, index) => (
            <p key={index} className="break-words whitespace-pre-line">
              {paragraph}
            </p>
          ))
        )}
      </div>
    </Frame>
  );
}

const headHeight = 58;

function ViewTile(props: Of<"view">) {
  const { tile, catalog, moment, period, height } = props;
  const [isAsTable, setIsAsTable] = useState(false);
  const { ref, isNear } = useNearScreen<HTMLDivElement>();
  const view = useMemo(() => withPeriod(tile.view, period), [tile.view, period]);
  const answers = useViewAnswers({ view, shows: tile.shows, moment, rowsMax: rowsShown, isWanted: isNear });
  const isOld = answers.totals.isPlaceholderData || answers.trend.isPlaceholderData || answers.table.isPlaceholderData;
  return (
    <Frame
      {...props}
      about={aboutAnswers(answers, catalog)}
      tools={
        <>
          {tile.shows === "chart" && (
            <Button
              kind="quiet"
              aria-pressed={isAsTable}
              aria-label={`${tileName(tile)} as a table`}
              title={isAsTable ? "Show the chart" : "Show its figures as a table"}
              icon={isAsTable ? <ChartNoAxesColumn size={16} aria-hidden /> : <Table2 size={16} aria-hidden />}
              onClick={() => setIsAsTable(!isAsTable)}
            />
          )}
          <Link
            to="/explorer"
            search={writeView(view) as never}
            aria-label={`${tileName(tile)} in the explorer`}
            title="Open in the explorer"
            className="grid size-8 place-items-center rounded-md text-text-2 hover:bg-surface-3 hover:text-text-1"
          >
            <Compass size={16} aria-hidden />
          </Link>
        </>
      }
    >
      <div
        ref={ref}
        className={joinClasses(
          "min-h-0 flex-1 overflow-y-auto transition-opacity delay-100 duration-[120ms]",
          isOld && "opacity-60",
        )}
        aria-busy={isOld || undefined}
      >
        <ViewContent
          title={tileName(tile)}
          answers={answers}
          catalog={catalog}
          measures={view.measures.slice(0, 1)}
          height={height - headHeight}
          isAsTable={isAsTable}
        />
      </div>
    </Frame>
  );
}

interface FrameProps extends TileCardProps {
  about?: string;
  tools?: ReactNode;
  children: ReactNode;
}

function Frame({ tile, about, tools, actions, drag, helpId, isMoved, children }: FrameProps) {
  const name = tileName(tile);
  const hasHead = tile.kind === "view" || actions !== null;
  return (
    <section
      aria-label={name}
      className={joinClasses(
        "group/tile relative flex h-full min-w-0 flex-col overflow-hidden rounded-lg border bg-surface-1",
        isMoved === true ? "border-accent opacity-60" : "border-line",
      )}
    >
      {hasHead && (
        <header className="flex shrink-0 items-start gap-1 py-2 pr-2 pl-4">
          {actions !== null && (
            <button
              type="button"
              id={handleId(tile.id)}
              aria-label={`Move or resize ${name}`}
              aria-describedby={helpId}
              title="Drag to move. Arrow keys move, Shift and arrow keys resize."
              onKeyDown={(event) => actions.onKey(event, tile.id)}
              className="-ml-2.5 grid size-8 shrink-0 cursor-grab touch-none place-items-center rounded-md text-text-3 hover:bg-surface-3 hover:text-text-1 active:cursor-grabbing"
              {...drag}
            >
              <GripVertical size={16} aria-hidden />
            </button>
          )}
          <div className="min-w-0 flex-1 pt-1">
            {tile.kind === "view" && (
              <h2 className="truncate text-base font-semibold" title={name} dir="auto">
                {name}
              </h2>
            )}
            {about !== undefined && <p className="truncate text-xs text-text-2">{about}</p>}
          </div>
          <div className="flex shrink-0 items-center print:hidden">
            {actions === null && tools}
            {actions !== null && (
              <PartMenu
                name={name}
                onEdit={() => actions.onEdit(tile.id)}
                onDuplicate={() => actions.onDuplicate(tile.id)}
                onMove={(way) => actions.onMove(tile.id, way)}
                onRemove={() => actions.onRemove(tile.id)}
              />
            )}
          </div>
        </header>
      )}
      {children}
      {actions !== null && (
        <span
          aria-hidden
          title="Drag to resize"
          onPointerDown={(event) => actions.onResizeStart(event, tile.id)}
          className="absolute right-0 bottom-0 size-5 cursor-nwse-resize touch-none border-r-2 border-b-2 border-transparent [border-bottom-right-radius:8px] group-hover/tile:border-line-strong hover:border-accent"
        />
      )}
    </section>
  );
}

export function handleId(id: string): string {
  return `tile-handle-${id}`;
}
