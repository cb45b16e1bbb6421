import type { CostAnswer, CostCatalog } from "@finops/capabilities/costs/contract";
import type { ToldItem } from "@finops/capabilities/reports/contract";
import { Button } from "@finops/ui/primitives/button";
import { toCsv, toTsv } from "@finops/ui/table/tsv";
import { copyText } from "@finops/ui/text/copy-text";
import { Copy, Download } from "lucide-react";
import { useMemo } from "react";
import { PlainTable } from "../../lib/cost-view/plain-table.tsx";
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
      <PlainTable label={itemName(item)} rows={rows} columns={columns} rowId={(row) => viewRowId(view, row)} />
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
