import { Columns3, Search } from "lucide-react";
import { useContext, useState } from "react";
import { Button } from "../primitives/button.tsx";
import { Checkbox } from "../primitives/checkbox.tsx";
import { Popover } from "../primitives/popover.tsx";
import { Segments } from "../primitives/segments.tsx";
import { TextField } from "../primitives/text-field.tsx";
import { type DataColumn, orderColumns, type TableState } from "./column.ts";
import { TableDensity } from "./density.ts";
import { type ChangeTable, startOf } from "./use-table-state.ts";

interface ColumnChoiceProps<Row> {
  columns: readonly DataColumn<Row>[];
  state: TableState;
  change: ChangeTable;
}

/** Which columns are shown, found by typing, how close the rows stand, and the way back to how the table came. */
export function ColumnChoice<Row>({ columns, state, change }: ColumnChoiceProps<Row>) {
  const [text, setText] = useState("");
  const { density, choose } = useContext(TableDensity);
  const [first, ...rest] = columns;
  if (first === undefined) return null;
  const wanted = text.trim().toLowerCase();
  const found = [first, ...orderColumns(rest, state.order)].filter((column) =>
    column.header.toLowerCase().includes(wanted),
  );
  const shown = columns.length - state.hidden.length;
  const show = (id: string, isShown: boolean) =>
    change({ hidden: isShown ? state.hidden.filter((one) => one !== id) : [...state.hidden, id] });
  return (
    <Popover
      label="Columns"
      align="end"
      className="flex w-64 flex-col"
      trigger={
        <Button
          kind="quiet"
          icon={<Columns3 size={16} aria-hidden />}
          aria-label={`Columns, ${shown} of ${columns.length} shown`}
        >
          <span className="max-sm:hidden">Columns</span>
        </Button>
      }
    >
      <div className="p-1">
        <TextField
          label="Find a column"
          isLabelHidden
          placeholder="Find a column"
          icon={<Search size={14} />}
          value={text}
          onChange={setText}
        />
      </div>
      <ul className="max-h-72 overflow-y-auto">
        {found.map((column) => (
          <li key={column.id} className="rounded-md px-2 hover:bg-surface-3">
            <Checkbox
              className="h-8"
              label={column.header}
              checked={!state.hidden.includes(column.id)}
              isDisabled={column === first}
              onChange={(isShown) => show(column.id, isShown)}
            />
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="px-2 py-3 text-text-2">No column has “{text}” in its name.</p>}
      {choose !== null && (
        <div className="mt-1 border-t border-line pt-2 text-center">
          <Segments label="Rows of all tables" value={density} options={densities} onChoose={choose} />
        </div>
      )}
      <div className="mt-1 border-t border-line pt-1">
        <Button
          kind="quiet"
          className="w-full"
          onClick={() => {
            const { hidden, order, compact } = startOf(columns);
            change({ hidden, order, compact });
          }}
        >
          Reset the columns
        </Button>
      </div>
    </Popover>
  );
}

const densities = [
  { value: "comfortable", label: "Comfortable" },
  { value: "compact", label: "Compact" },
] as const;
