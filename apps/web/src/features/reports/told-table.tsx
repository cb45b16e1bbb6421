import type { CostAnswer, CostCatalog, CostRow } from "@finops/capabilities/costs/contract";
import type { ToldItem } from "@finops/capabilities/reports/contract";
import { Button } from "@finops/ui/primitives/button";
import { type DataColumn, isFigure } from "@finops/ui/table/column";
import { toCsv, toTsv } from "@finops/ui/table/tsv";
import { copyText } from "@finops/ui/text/copy-text";
import { joinClasses } from "@finops/ui/text/join-classes";
import { Copy, Download } from "lucide-react";
import { useMemo } from "react";
import { viewColumns, viewRowId } from "../../lib/cost-view/view-columns.tsx";
import { saveBlob } from "../../lib/download.ts";
import { useToasts } from "../../lib/toasts.tsx";
import { itemName } from "./item-edits.ts";

interface ToldTableProps {
  item: Extract<ToldItem, { view: unknown }> & { answer: CostAnswer };
  catalog: CostCatalog;
}

/** A table as it was told, every row of it on the page, so that it prints. What is copied has every digit. */
export function ToldTable({ item, catalog }: ToldTableProps) {
  const { view, answer } = item;
  const currency = item.currency ?? "";
  const show = useToasts((toasts) => toasts.show);
  const columns = useMemo(
    () => viewColumns({ view, plan: { comparison: answer.comparisonPeriod }, catalog, currency, answer }),
    [view, answer, catalog, currency],
  );
  const { rows } = answer;
  const copy = () =>
    void copyText(toTsv(rows, columns, { hasHeader: true })).then(
      () => show({ id: "copy", tone: "info", title: `${rows.length} rows are copied.` }),
      () => show({ id: "copy", tone: "error", title: "The browser did not allow copying." }),
    );
  const save = () =>
    saveBlob(
      new Blob([toCsv(rows, columns)], { type: "text/csv" }),
      `${itemName(item)
        .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
        .toLowerCase()}.csv`,
    );
  return (
    <>
      <div className="overflow-x-auto" role="region" aria-label={`${itemName(item)}, table`} tabIndex={0}>
        <table className="w-full border-collapse text-sm">
          <thead>
            <tr className="border-b border-line-strong text-xs text-text-2">
              {columns.map((column, index) => (
                <th
                  key={column.id}
                  scope="col"
                  className={joinClasses(
                    "py-1.5 font-medium whitespace-nowrap",
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
              <tr key={viewRowId(view, row)} className="break-inside-avoid border-b border-line">
                {columns.map((column, index) => (
                  <Cell key={column.id} column={column} row={row} isFirst={index === 0} />
                ))}
              </tr>
            ))}
          </tbody>
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
        </table>
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-2 print:hidden">
        <Button kind="quiet" icon={<Copy size={14} aria-hidden />} onClick={copy}>
          Copy
        </Button>
        <Button kind="quiet" icon={<Download size={14} aria-hidden />} onClick={save}>
          CSV
        </Button>
        {answer.nextCursor !== null && (
          <span className="text-xs text-text-2">The first {rows.length} rows; the total is of all.</span>
        )}
      </div>
    </>
  );
}

function Cell({ column, row, isFirst }: { column: DataColumn<CostRow>; row: CostRow; isFirst: boolean }) {
  const shown = column.cell?.(row, "exact") ?? column.value?.(row);
  if (isFirst)
    return (
      <th scope="row" className="max-w-80 py-1.5 text-left font-normal break-words" dir="auto">
        {shown}
      </th>
    );
  return (
    <td
      className={joinClasses("py-1.5 pl-4", isFigure(column) ? "text-right whitespace-nowrap" : "break-words")}
      dir="auto"
    >
      {shown}
    </td>
  );
}
