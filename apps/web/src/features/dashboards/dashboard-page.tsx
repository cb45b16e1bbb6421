import type { Dashboard, Tile } from "@finops/capabilities/dashboards/contract";
import type { CostCatalog } from "@finops/capabilities/costs/contract";
import type { ViewMoment } from "@finops/capabilities/views/contract";
import { systemClock } from "@finops/kernel/clock";
import { Button } from "@finops/ui/primitives/button";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { LayoutDashboard, Plus } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { ApiProblem } from "../../lib/api.ts";
import { catalogQuery } from "../../lib/cost-view/cost-answers.ts";
import { AddPanel, type NewPart } from "../../lib/documents/add-panel.tsx";
import { useCreateDocument, useDocument } from "../../lib/documents/document-queries.ts";
import { ConflictNotice, LeaveGuard } from "../../lib/documents/edit-state.tsx";
import { HeadFields } from "../../lib/documents/head-fields.tsx";
import { MissingDocument } from "../../lib/documents/missing-document.tsx";
import { OldVersionNotice } from "../../lib/documents/old-version-notice.tsx";
import { useDocumentAsOf } from "../../lib/documents/use-document-as-of.ts";
import { useDocumentEdits } from "../../lib/documents/use-document-edits.ts";
import { Page } from "../../lib/page.tsx";
import { useToasts } from "../../lib/toasts.tsx";
import { DashboardActions } from "./dashboard-actions.tsx";
import { DashboardGrid } from "./dashboard-grid.tsx";
import { type DashboardSearch, periodOf, writePeriod } from "./dashboard-search.ts";
import { PeriodOverride } from "./period-override.tsx";
import { bringBack, duplicateTile, newTile, removeTile, replaceTile, tileName, tilesMax } from "./tile-edits.ts";
import { handleId } from "./tile-card.tsx";

const route = getRouteApi("/dashboards/$id");
// For who edits, and who looks back.
const TilePanel = lazy(async () => ({ default: (await import("./tile-panel.tsx")).TilePanel }));
const VersionsPanel = lazy(async () => ({
  default: (await import("../../lib/documents/versions-panel.tsx")).VersionsPanel,
}));

/** One dashboard: its tiles, and the way to change them. */
export function DashboardPage() {
  const { id } = route.useParams();
  const dashboard = useDocument("dashboards", id);
  const catalog = useQuery(catalogQuery);
  if (dashboard.data !== undefined && catalog.data !== undefined)
    return <Ready key={id} dashboard={dashboard.data} catalog={catalog.data} />;
  return (
    <Page title="Dashboard" trail={<Trail />}>
      {dashboard.error instanceof ApiProblem && dashboard.error.code === "not_found" ? (
        <MissingDocument kind="dashboards" />
      ) : (
        <Async
          of={dashboard.data === undefined ? dashboard : catalog}
          name="The dashboard"
          skeleton={<TilesSkeleton />}
        >
          {() => null}
        </Async>
      )}
    </Page>
  );
}

function Trail() {
  return (
    <Link to="/dashboards" className="text-xs text-text-2 hover:text-accent hover:underline">
      Dashboards
    </Link>
  );
}

function Ready({ dashboard, catalog }: { dashboard: Dashboard; catalog: CostCatalog }) {
  const today = systemClock.today();
  const { available } = catalog;
  const moment = useMemo(() => (available === null ? null : { available, today }), [available, today]);
  if (moment !== null) return <Loaded dashboard={dashboard} catalog={catalog} moment={moment} />;
  return (
    <Page title={dashboard.name} trail={<Trail />}>
      <Notice
        tone="info"
        title="There are no costs to show yet."
        action={
          <Link to="/bills" className="font-medium text-accent hover:underline">
            Import a bill
          </Link>
        }
      >
        As soon as a bill is in, the tiles of this dashboard fill themselves.
      </Notice>
    </Page>
  );
}

type Panel = { kind: "add" } | { kind: "tile"; id: string } | { kind: "versions" } | null;

function Loaded({ dashboard, catalog, moment }: { dashboard: Dashboard; catalog: CostCatalog; moment: ViewMoment }) {
  const search = route.useSearch();
  const navigate = useNavigate();
  const edits = useDocumentEdits("dashboards", dashboard);
  const create = useCreateDocument("dashboards");
  const tell = useToasts((toasts) => toasts.show);
  const [panel, setPanel] = useState<Panel>(null);
  const [version, setVersion] = useState<number | null>(null);
  const { shown } = edits;
  const asOf = useDocumentAsOf("dashboards", shown, version);
  const isEditing = search.edit === "yes" && dashboard.mayChange && version === null;
  const period = useMemo(() => periodOf(search), [search]);
  const go = (next: DashboardSearch) =>
    void navigate({
      to: "/dashboards/$id",
      params: { id: dashboard.id },
      search: ((old: DashboardSearch) => ({ ...old, ...next })) as never,
      resetScroll: false,
    });
  const setTiles = (tiles: Tile[]) => edits.change({ tiles });
  const add = (part: NewPart) => {
    const tile = newTile(shown.tiles, part);
    setTiles([...shown.tiles, tile]);
    setPanel({ kind: "tile", id: tile.id });
    requestAnimationFrame(() => document.getElementById(handleId(tile.id))?.scrollIntoView?.({ block: "center" }));
  };
  const remove = (id: string) => {
    const tile = shown.tiles.find((one) => one.id === id);
    if (tile === undefined) return;
    setTiles(removeTile(shown.tiles, id));
    setPanel(null);
    tell({
      id: "tile",
      tone: "info",
      title: `${tileName(tile)} is removed.`,
      action: { label: "Undo", onSelect: () => edits.changeBy((now) => ({ tiles: bringBack(now.tiles, tile) })) },
    });
  };
  const keepCopy = () => {
    const { mine } = edits.conflict!;
    create.mutate(
      { name: `${mine.name.slice(0, 110)} (copy)`, description: mine.description, tiles: [...mine.tiles] },
      {
        onSuccess: ({ id }) => {
          edits.loadNewer();
          void navigate({ to: "/dashboards/$id", params: { id } });
        },
      },
    );
  };
  const opened = panel?.kind === "tile" ? shown.tiles.find((tile) => tile.id === panel.id) : undefined;
  const startEdit = () => {
    // What is changed is the newest.
    setVersion(null);
    go({ edit: "yes" });
  };
  return (
    <div className="flex min-w-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">
        <Page
          title={shown.name}
          trail={<Trail />}
          tools={
            <PeriodOverride
              period={period}
              moment={moment}
              onChoose={(next) => go({ period: next === null ? undefined : writePeriod(next) })}
            />
          }
          actions={
            <DashboardActions
              dashboard={shown}
              state={edits.state}
              isEditing={isEditing}
              onEdit={startEdit}
              onAdd={() => setPanel({ kind: "add" })}
              onDone={() => {
                setPanel(null);
                void edits.flush();
                go({ edit: undefined });
              }}
              onShare={(sharing) => edits.change({ sharing })}
              onVersions={() => {
                void edits.flush();
                setPanel({ kind: "versions" });
              }}
            />
          }
        >
          <LeaveGuard state={edits.state} flush={edits.flush} />
          {edits.conflict !== null && (
            <ConflictNotice conflict={edits.conflict} onLoad={edits.loadNewer} onCopy={keepCopy} />
          )}
          {isEditing ? (
            <HeadFields name={shown.name} description={shown.description} onChange={edits.change} />
          ) : (
            shown.description !== "" && (
              <p className="mb-4 max-w-3xl text-text-2" dir="auto">
                {shown.description}
              </p>
            )
          )}
          {version !== null && <OldVersionNotice version={version} parts="tiles" onBack={() => setVersion(null)} />}
          {shown.tiles.length === 0 && version === null ? (
            <EmptyState
              icon={<LayoutDashboard size={24} aria-hidden />}
              title="No tiles yet"
              action={
                dashboard.mayChange && (
                  <Button
                    kind="primary"
                    icon={<Plus size={16} aria-hidden />}
                    onClick={() => {
                      startEdit();
                      setPanel({ kind: "add" });
                    }}
                  >
                    Add a tile
                  </Button>
                )
              }
            >
              A tile shows a figure, a chart or a table of any view, or words of your own.
            </EmptyState>
          ) : (
            <Async of={asOf} name="This version" skeleton={<TilesSkeleton />}>
              {({ tiles }) => (
                <DashboardGrid
                  tiles={tiles}
                  catalog={catalog}
                  moment={moment}
                  period={period}
                  isEditing={isEditing}
                  onTiles={setTiles}
                  onEdit={(id) => setPanel({ kind: "tile", id })}
                  onDuplicate={(id) => setTiles(duplicateTile(shown.tiles, id))}
                  onRemove={remove}
                />
              )}
            </Async>
          )}
        </Page>
      </div>
      {panel?.kind === "add" && shown.tiles.length < tilesMax && (
        <AddPanel title="Add a tile" onAdd={add} onClose={() => setPanel(null)} />
      )}
      <Suspense>
        {opened !== undefined && isEditing && (
          <TilePanel
            key={opened.id}
            tile={opened}
            catalog={catalog}
            moment={moment}
            onChange={(tile) => setTiles(replaceTile(shown.tiles, tile))}
            onClose={() => setPanel(null)}
          />
        )}
        {panel?.kind === "versions" && (
          <VersionsPanel
            kind="dashboards"
            document={shown}
            shownVersion={version}
            onShow={setVersion}
            // On a phone the panel covers what it shows, so closing it leaves the version there.
            onClose={() => setPanel(null)}
          />
        )}
      </Suspense>
    </div>
  );
}

function TilesSkeleton() {
  return (
    <div className="grid gap-3 md:grid-cols-3">
      {["h-36", "h-36", "h-36", "h-96 md:col-span-3"].map((classes, index) => (
        <Skeleton key={index} className={classes} />
      ))}
    </div>
  );
}
