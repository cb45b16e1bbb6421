import { Button } from "../primitives/button.tsx";
import { TextField } from "../primitives/text-field.tsx";
import { readNumber } from "./arrange-rows.ts";
import { type ColumnFilter, type DataColumn, isFigure } from "./column.ts";

interface ColumnFilterFieldsProps<Row> {
  column: DataColumn<Row>;
  filter: ColumnFilter | undefined;
  onFilter: (filter: ColumnFilter | null) => void;
  onDone: () => void;
}

/** Text that it contains, or a range of figures or days. Applies while one types. */
export function ColumnFilterFields<Row>({ column, filter, onFilter, onDone }: ColumnFilterFieldsProps<Row>) {
  const set = (patch: ColumnFilter) => {
    const next = Object.fromEntries(Object.entries({ ...filter, ...patch }).filter(([, value]) => value !== ""));
    onFilter(Object.keys(next).length === 0 ? null : next);
  };
  const isRange = isFigure(column) || column.kind === "day";
  const errorOf = (text: string | undefined) =>
    isFigure(column) && text !== undefined && readNumber(text) === null ? "Not a number." : null;
  return (
    <form
      className="my-1 space-y-2 border-y border-line px-2 py-2"
      onSubmit={(event) => {
        event.preventDefault();
        onDone();
      }}
    >
      {isRange ? (
        <div className="flex gap-2">
          <TextField
            label={column.kind === "percent" ? "From %" : "From"}
            type={column.kind === "day" ? "date" : "text"}
            inputMode="decimal"
            value={filter?.from ?? ""}
            error={errorOf(filter?.from)}
            onChange={(from) => set({ from })}
            className="flex-1"
          />
          <TextField
            label={column.kind === "percent" ? "To %" : "To"}
            type={column.kind === "day" ? "date" : "text"}
            inputMode="decimal"
            value={filter?.to ?? ""}
            error={errorOf(filter?.to)}
            onChange={(to) => set({ to })}
            className="flex-1"
          />
        </div>
      ) : (
        <TextField label="Contains" value={filter?.contains ?? ""} onChange={(contains) => set({ contains })} />
      )}
      {filter !== undefined && (
        <Button kind="quiet" className="-ml-2" onClick={() => onFilter(null)}>
          Clear the filter
        </Button>
      )}
    </form>
  );
}
