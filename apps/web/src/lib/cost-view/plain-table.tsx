import { type DataColumn, isFigure } from "@finops/ui/table/column";
import { joinClasses } from "@finops/ui/text/join-classes";

interface PlainTableProps<Row> {
  label: string;
  rows: readonly Row[];
  columns: readonly DataColumn<Row>[];
  rowId: (row: Row) => string;
  className?: string;
}

/** All rows of a short table at once, with nothing to press: where there is little room, and on paper. */
export function PlainTable<Row>({ label, rows, columns, rowId, className }: PlainTableProps<Row>) {
  return (
    <div
      // A region that scrolls must be reachable by the keys that scroll it.
      role="region"
      aria-label={`${label}, table`}
      tabIndex={0}
      className={joinClasses("relative overflow-x-auto -outline-offset-2", className)}
    >
      <table className="w-full border-collapse text-sm">
        <thead>
          <tr className="border-b border-line-strong text-xs text-text-2">
            {columns.map((column, index) => (
              <th
                key={column.id}
                scope="col"
                className={joinClasses(
                  "py-1.5 align-bottom font-medium",
                  index > 0 && "pl-4",
                  isFigure(column) ? "text-right" : "text-left",
                )}
              >
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowId(row)} className="break-inside-avoid border-b border-line">
              {columns.map((column, index) => (
                <Cell key={column.id} column={column} row={row} isFirst={index === 0} />
              ))}
            </tr>
          ))}
        </tbody>
        {columns.some((column) => column.total !== undefined) && (
          <tfoot>
            <tr className="font-semibold">
              {columns.map((column, index) => (
                <td
                  key={column.id}
                  className={joinClasses(
                    "py-1.5 whitespace-nowrap",
                    index > 0 && "pl-4",
                    isFigure(column) && "text-right",
                  )}
                >
                  {typeof column.total === "function" ? column.total("exact") : column.total}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

function Cell<Row>({ column, row, isFirst }: { column: DataColumn<Row>; row: Row; isFirst: boolean }) {
  const shown = column.cell?.(row, "exact") ?? column.value?.(row);
  if (isFirst)
    return (
      <th scope="row" className="max-w-80 min-w-32 py-1.5 text-left font-normal [overflow-wrap:anywhere]" dir="auto">
        {shown}
      </th>
    );
  return (
    <td
      className={joinClasses(
        "py-1.5 pl-4",
        isFigure(column) ? "text-right whitespace-nowrap" : "[overflow-wrap:anywhere]",
      )}
      dir="auto"
    >
      {shown}
    </td>
  );
}
