import type { CostAnswer, CostCatalog, CostRow } from "@finops/capabilities/costs/contract";
import {
  allOf,
  type CostView,
  type GroupKey,
  pathFilter,
  planLevel,
  type ViewPlan,
} from "@finops/capabilities/views/contract";
import { otherColour } from "@finops/ui/charts/series";
import type { DataColumn, ExportFormat, FigureForm, TableState } from "@finops/ui/table/column";
import { DataTable } from "../../lib/late-table.tsx";
import { useLatest } from "@finops/ui/table/use-latest";
import { formatPeriod } from "@finops/ui/text/format-day";
import { formatCount } from "@finops/ui/text/format-figure";
import { useQueryClient } from "@tanstack/react-query";
import { Rows3 } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { dimensionLabel, goodDirection } from "../../lib/cost-words.ts";
import { useFigureDoor } from "../../lib/figure-door.ts";
import { loadGroups, type Prefetch } from "./explorer-queries.ts";
import { ChangeFigure, ChangePercent, MeasureFigure } from "../../lib/cost-view/measure-figure.tsx";
import {
  changeOf,
  changeRatioOf,
  groupId,
  groupKey,
  groupLabel,
  type GroupRow,
  keepGroups,
  unitOf,
} from "../../lib/cost-view/group-rows.ts";
import { measureOf } from "../../lib/cost-view/measure-of.ts";

interface GroupsTableProps {
  view: CostView;
  plan: ViewPlan;
  catalog: CostCatalog;
  currency: string;
  answer: CostAnswer;
  rows: readonly CostRow[];
  hasMore: boolean;
  onEnd: () => void;
  /** Colour of each group that the chart shows on its own. */
  colours: ReadonlyMap<string, string>;
  prefetch: Prefetch;
  drillTo: (path: readonly GroupKey[]) => CostView;
  rowsOf: (path: readonly GroupKey[]) => CostView;
  onShow: (next: CostView) => void;
  onExport: ((format: ExportFormat) => void) | undefined;
  tools?: ReactNode;
}

type Measure = CostView["measures"][number];

/** Every group with its exact figures beside what they are held against; a group opens into those inside it. */
export function GroupsTable(props: GroupsTableProps) {
  const { view, plan, catalog, currency, answer, rows, hasMore, onEnd, onShow } = props;
  const client = useQueryClient();
  const latest = useLatest(props);
  const openDoor = useLatest(useFigureDoor());
  const [by] = view.groupBy;
  const [groupsOf] = useState(keepGroups);
  const groups = useMemo(() => groupsOf(rows, currency, by), [groupsOf, rows, currency, by]);
  const columns = useMemo(
    () =>
      columnsOf({
        view,
        plan,
        catalog,
        currency,
        total: answer.totals.find((one) => one.currency === currency),
        count: hasMore ? null : groups.length,
        colours: props.colours,
        prefetch: props.prefetch,
        onDrill: (path) => latest.current.onShow(latest.current.drillTo(path)),
        drillTo: (path) => latest.current.drillTo(path),
        onRows: (path) => latest.current.onShow(latest.current.rowsOf(path)),
        onDoor: (measure, path) => {
          const filter = allOf([view.filter, pathFilter(path)]);
          openDoor.current({
            measure,
            period: plan.period,
            basis: view.basis,
            currency,
            ...(filter === undefined ? {} : { filter }),
            ...(view.asOf === undefined ? {} : { asOf: view.asOf }),
          });
        },
      }),
    [view, plan, catalog, currency, answer, hasMore, groups.length, props.colours, props.prefetch, latest, openDoor],
  );
  const inside = view.groupBy[1];
  const levels = useMemo(
    () =>
      inside === undefined
        ? undefined
        : {
            canOpen: (group: GroupRow) => group.path.length === 1 && !group.row.isOther,
            load: async (group: GroupRow) => {
              const asked = planLevel(view, plan, group.path);
              if (asked === null) return [];
              const found = await loadGroups(client, plan, asked);
              return found
                .filter((row) => row.currency === currency)
                .map((row): GroupRow => ({ row, path: [...group.path, groupKey(inside, row)] }));
            },
          },
    [view, plan, inside, currency, client],
  );
  const sorting = {
    by: columnId(view.sort.by, view.sort.measure ?? view.measures[0]!),
    direction: view.sort.direction,
  };
  return (
    <DataTable
      label={`${view.measures.map((one) => measureOf(catalog, one).label).join(", ")} by ${view.groupBy.map((name) => dimensionLabel(name, catalog)).join(" and ") || "nothing"}`}
      rows={groups}
      columns={columns}
      rowId={rowId}
      state={{ sort: sorting }}
      onState={(_, { sort }) => {
        if (sort === undefined) return;
        onShow({ ...view, sort: sort === null ? { by: "value", direction: "desc" } : viewSort(sort) });
      }}
      {...(levels === undefined ? {} : { groups: levels })}
      hasMore={hasMore}
      onEnd={onEnd}
      onExport={props.onExport ?? null}
      exportFormats={formats}
      tools={props.tools}
      empty="No charges here."
      height={720}
    />
  );
}

const formats = ["csv", "xlsx", "parquet", "focus", "pdf"] as const;

const rowId = ({ row, path }: GroupRow) => JSON.stringify([path, row.key]);

/** `name`, or the kind of column and its measure. */
function columnId(kind: CostView["sort"]["by"], measure: Measure): string {
  return kind === "name" ? "name" : `${kind}:${measure}`;
}

function viewSort({ by, direction }: NonNullable<TableState["sort"]>): CostView["sort"] {
  const [kind, measure] = by.split(":");
  return {
    by: kind as CostView["sort"]["by"],
    ...(measure === undefined ? {} : { measure: measure as Measure }),
    direction,
  };
}

interface ColumnInput {
  view: CostView;
  plan: ViewPlan;
  catalog: CostCatalog;
  currency: string;
  total: CostAnswer["totals"][number] | undefined;
  /** How many groups there are; null while some are not loaded. */
  count: number | null;
  colours: ReadonlyMap<string, string>;
  prefetch: Prefetch;
  drillTo: (path: readonly GroupKey[]) => CostView;
  onDrill: (path: readonly GroupKey[]) => void;
  onRows: (path: readonly GroupKey[]) => void;
  onDoor: (measure: Measure, path: readonly GroupKey[]) => void;
}

function columnsOf(input: ColumnInput): DataColumn<GroupRow>[] {
  const { view, catalog } = input;
  const name: DataColumn<GroupRow> = {
    id: "name",
    header: view.groupBy.map((one) => dimensionLabel(one, catalog)).join(" / ") || "All",
    value: ({ row, path }) => groupLabel(view.groupBy[Math.max(0, path.length - 1)], row),
    cell: (group) => <GroupName group={group} {...input} />,
    total: input.count === null ? "Total" : `Total of ${formatCount(input.count)}`,
  };
  return [name, ...view.measures.flatMap((measure) => measureColumns(measure, input))];
}

function measureColumns(measure: Measure, input: ColumnInput): DataColumn<GroupRow>[] {
  const { view, plan, catalog, currency, total, onDoor } = input;
  const about = measureOf(catalog, measure);
  const kind = columnKinds[about.unit];
  const good = goodDirection(measure);
  const isAlone = view.measures.length === 1;
  const value: DataColumn<GroupRow> = {
    id: columnId("value", measure),
    header: about.label,
    about: about.about,
    kind,
    width: Math.max(about.unit === "quantity" ? 184 : 136, widthFor(about.label)),
    hasCompact: about.unit === "money",
    value: ({ row }) => row.values[measure]?.value ?? null,
    cell: ({ row, path }, form) => (
      <Door
        label={`${about.label} of ${groupLabel(view.groupBy[path.length - 1], row)}: show its proof`}
        onOpen={() => onDoor(measure, path)}
      >
        <MeasureFigure
          unit={about.unit}
          figure={row.values[measure]}
          currency={currency}
          quantityUnit={unitOf(measure, row)}
          form={form}
        />
      </Door>
    ),
    total: (form: FigureForm) => (
      <Door label={`Total ${about.label}: show its proof`} onOpen={() => onDoor(measure, [])}>
        <MeasureFigure
          unit={about.unit}
          figure={total?.values[measure]}
          currency={currency}
          quantityUnit={null}
          form={form}
        />
      </Door>
    ),
  };
  const share: DataColumn<GroupRow>[] =
    view.share && about.additive
      ? [
          {
            id: columnId("share", measure),
            header: isAlone ? "Share" : `Share of ${about.label.toLowerCase()}`,
            kind: "percent",
            isMinor: true,
            width: isAlone ? 88 : widthFor(`Share of ${about.label}`),
            value: ({ row }) => row.share?.[measure]?.value ?? null,
            cell: ({ row }) => (
              <MeasureFigure
                unit="percent"
                figure={row.share?.[measure]}
                currency={currency}
                quantityUnit={null}
                form="exact"
              />
            ),
          },
        ]
      : [];
  if (plan.comparison === null) return [value, ...share];
  const before = formatPeriod(plan.comparison);
  return [
    value,
    ...share,
    {
      id: columnId("before", measure),
      header: isAlone ? before : `${about.label}, ${before}`,
      about: "What it is held against.",
      kind,
      isMinor: true,
      isHidden: !isAlone,
      width: 168,
      value: ({ row }) => row.comparison?.[measure]?.value ?? null,
      cell: ({ row }, form) => (
        <MeasureFigure
          unit={about.unit}
          figure={row.comparison?.[measure]}
          currency={currency}
          quantityUnit={unitOf(measure, row)}
          form={form}
        />
      ),
      total: (
        <MeasureFigure
          unit={about.unit}
          figure={total?.comparison?.[measure]}
          currency={currency}
          quantityUnit={null}
          form="exact"
        />
      ),
    },
    {
      id: columnId("change", measure),
      header: isAlone ? "Change" : `Change of ${about.label.toLowerCase()}`,
      kind,
      width: isAlone ? 136 : widthFor(`Change of ${about.label}`),
      value: ({ row }) => changeOf(row, measure),
      cell: ({ row }) => (
        <ChangeFigure
          unit={about.unit}
          now={row.values[measure]}
          before={row.comparison?.[measure]}
          currency={currency}
          good={good}
        />
      ),
      total: (
        <ChangeFigure
          unit={about.unit}
          now={total?.values[measure]}
          before={total?.comparison?.[measure]}
          currency={currency}
          good={good}
        />
      ),
    },
    {
      id: columnId("percent", measure),
      header: isAlone ? "Change %" : `Change of ${about.label.toLowerCase()} %`,
      kind: "percent",
      isMinor: true,
      isHidden: !isAlone || about.unit === "percent",
      width: isAlone ? 128 : widthFor(`Change of ${about.label} %`),
      value: ({ row }) => changeRatioOf(row, measure),
      cell: ({ row }) => (
        <ChangePercent now={row.values[measure]} before={row.comparison?.[measure]} currency={currency} good={good} />
      ),
      total: (
        <ChangePercent
          now={total?.values[measure]}
          before={total?.comparison?.[measure]}
          currency={currency}
          good={good}
        />
      ),
    },
  ];
}

/** Room for a header and the arrow of its order. */
function widthFor(header: string): number {
  return Math.round(header.length * 7) + 52;
}

const columnKinds = { money: "money", percent: "percent", quantity: "count", count: "count" } as const;

/** A figure that opens its proof. */
function Door({ label, onOpen, children }: { label: string; onOpen: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={label}
      onClick={onOpen}
      className="-mx-1 rounded-sm px-1 hover:bg-accent-soft hover:text-accent"
    >
      {children}
    </button>
  );
}

// One element for all rows: what is the same object is not looked at again.
const rowsIcon = <Rows3 size={14} aria-hidden />;

function GroupName({
  group: { row, path },
  view,
  colours,
  prefetch,
  drillTo,
  onDrill,
  onRows,
}: ColumnInput & { group: GroupRow }) {
  const by = view.groupBy[Math.max(0, path.length - 1)];
  const label = groupLabel(by, row);
  const value = by === undefined ? null : (row.key[by] ?? null);
  const isMissing = by !== undefined && (value === null || value === "");
  const ahead = prefetch(() => drillTo(path));
  return (
    <span className="group/name flex min-w-0 items-center gap-2">
      {path.length <= 1 && (
        <span
          aria-hidden
          className="size-2.5 shrink-0 rounded-[2px]"
          style={{ background: colours.get(groupId(by, row)) ?? otherColour }}
        />
      )}
      <button
        type="button"
        tabIndex={-1}
        disabled={by === undefined || row.isOther}
        onClick={() => onDrill(path)}
        {...ahead}
        title={`Show only ${label}`}
        className="min-w-0 truncate rounded-sm text-left enabled:hover:text-accent enabled:hover:underline"
        dir="auto"
      >
        {isMissing ? <i className="text-text-2">{label}</i> : label}
      </button>
      {value !== null && label !== value && (
        <span className="min-w-0 shrink-[50] truncate text-xs text-text-3 max-md:hidden">{value}</span>
      )}
      <button
        type="button"
        tabIndex={-1}
        onClick={() => onRows(path)}
        title={`The charge rows of ${label}`}
        aria-label={`The charge rows of ${label}`}
        className="-ml-1 hidden size-6 shrink-0 place-items-center rounded-sm text-text-3 group-hover/row:grid hover:bg-surface-3 hover:text-text-1"
      >
        {rowsIcon}
      </button>
    </span>
  );
}
