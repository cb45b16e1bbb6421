import { Copy, Ellipsis, FileDown, Search, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../primitives/button.tsx";
import { Menu } from "../primitives/menu.tsx";
import { formatCount } from "../text/format-figure.ts";
import { type DataColumn, type ExportFormat, isFigure, type TableState } from "./column.ts";
import { ColumnChoice } from "./column-choice.tsx";
import type { ChangeTable } from "./use-table-state.ts";

interface TableToolbarProps<Row> {
  id: string;
  label: string;
  columns: readonly DataColumn<Row>[];
  state: TableState;
  change: ChangeTable;
  /** Rows that are shown, and of how many; null when only the server knows. */
  shown: number;
  all: number | null;
  onCopy: () => void;
  onExport: ((format: ExportFormat) => void) | undefined;
  formats: readonly ExportFormat[];
  tools: ReactNode;
}

const formatLabels: Record<ExportFormat, { label: string; about: string }> = {
  csv: { label: "CSV", about: "Plain text, opens everywhere" },
  xlsx: { label: "Excel", about: "One workbook, figures as numbers" },
  parquet: { label: "Parquet", about: "Typed columns, for data tools" },
  focus: { label: "FOCUS", about: "The bill lines behind it, as FOCUS 1.2" },
  pdf: { label: "PDF", about: "The view on paper, 1,000 rows at most" },
};

/** Above a table: find, what is filtered, which columns, and the ways to take the data along. */
export function TableToolbar<Row>(props: TableToolbarProps<Row>) {
  const { columns, state, change, shown, all } = props;
  const canFind = columns.some((column) => column.value !== undefined && !isFigure(column));
  const filtered = columns.filter((column) => state.filters[column.id] !== undefined);
  const isFiltered = filtered.length > 0 || state.find.trim() !== "";
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-2 border-b border-line px-4 py-1">
      {canFind && (
        <label className="flex h-7 min-w-0 flex-1 basis-40 items-center gap-2 text-text-3 sm:max-w-64">
          <Search size={14} aria-hidden className="shrink-0" />
          <span className="sr-only">Filter {props.label}</span>
          <input
            id={`${props.id}-find`}
            type="search"
            value={state.find}
            placeholder="Filter"
            onChange={(event) => change({ find: event.target.value })}
            onKeyDown={(event) => {
              if (event.key !== "Escape") return;
              event.stopPropagation();
              if (state.find !== "") change({ find: "" });
              else event.currentTarget.blur();
            }}
            dir="auto"
            className="h-7 w-full min-w-0 rounded-sm bg-transparent px-1 text-sm text-text-1 placeholder:text-text-3"
          />
        </label>
      )}
      {isFiltered && (
        <span className="flex min-w-0 items-center gap-1 text-xs text-text-2" role="status">
          <span className="truncate">
            {formatCount(shown)}
            {all !== null && ` of ${formatCount(all)}`} rows
            {filtered.length > 0 && `, by ${filtered.map((column) => column.header).join(", ")}`}
          </span>
          <button
            type="button"
            aria-label="Clear all filters of the table"
            title="Clear all filters of the table"
            onClick={() => change({ find: "", filters: {} })}
            className="grid size-6 shrink-0 place-items-center rounded-sm hover:bg-surface-3"
          >
            <X size={14} aria-hidden />
          </button>
        </span>
      )}
      <span className="ml-auto flex items-center gap-1">
        {props.tools}
        <ColumnChoice columns={columns} state={state} change={change} />
        <TakeAlong {...props} />
      </span>
    </div>
  );
}

function TakeAlong<Row>({ label, onCopy, onExport, formats }: TableToolbarProps<Row>) {
  return (
    <Menu
      trigger={
        <Button
          kind="quiet"
          icon={<Ellipsis size={16} aria-hidden />}
          aria-label={`Copy or export ${label}`}
          title="Copy or export"
        />
      }
      groups={[
        {
          actions: [
            {
              id: "copy",
              label: "Copy as TSV",
              about: "All rows, for a spreadsheet",
              icon: <Copy size={14} aria-hidden />,
              onSelect: onCopy,
            },
          ],
        },
        {
          label: "Export all rows",
          actions:
            onExport === undefined
              ? []
              : formats.map((format) => ({
                  id: format,
                  ...formatLabels[format],
                  icon: <FileDown size={14} aria-hidden />,
                  onSelect: () => onExport(format),
                })),
        },
      ]}
    />
  );
}
