import type { ImportReport } from "@finops/capabilities/sources/contract";
import { Count } from "@finops/ui/figures/count";
import { formatCount } from "@finops/ui/text/format-figure";
import type { ReactNode } from "react";

/** What was not taken and why, and what was noted on the way. */
export function RejectedRows({ report }: { report: ImportReport }) {
  if (report.rejects.length + report.ignored.length + report.notes.length === 0) return null;
  return (
    <div className="space-y-2 border-t border-line px-4 py-3 text-sm">
      {report.rejects.length > 0 && (
        <Fold title={`${formatCount(report.rowsRejected)} rejected rows, by reason`} isOpen>
          {report.rejects.map((reject) => (
            <li
              key={`${reject.file} ${reject.line ?? ""} ${reject.reason}`}
              className="flex justify-between gap-4 py-1"
            >
              <span className="min-w-0 break-words">
                {reject.reason}
                <span className="block text-xs break-all text-text-2">
                  {reject.file}
                  {reject.line !== null && `, first on line ${formatCount(reject.line)}`}
                </span>
              </span>
              <Count of={reject.rows} />
            </li>
          ))}
        </Fold>
      )}
      {report.ignored.length > 0 && (
        <Fold title={`${formatCount(report.ignored.length)} files left aside`}>
          {report.ignored.map((file) => (
            <li key={file.file} className="py-1 break-words">
              {file.file}
              <span className="block text-xs text-text-2">{file.because}</span>
            </li>
          ))}
        </Fold>
      )}
      {report.notes.length > 0 && (
        <Fold title={report.notes.length === 1 ? "1 note" : `${formatCount(report.notes.length)} notes`}>
          {report.notes.map((note) => (
            <li key={note} className="py-1 break-words">
              {note}
            </li>
          ))}
        </Fold>
      )}
    </div>
  );
}

function Fold({ title, isOpen = false, children }: { title: string; isOpen?: boolean; children: ReactNode }) {
  return (
    <details open={isOpen}>
      <summary className="w-fit rounded-sm text-text-2 hover:text-text-1">{title}</summary>
      <ul className="mt-1 divide-y divide-line pl-4">{children}</ul>
    </details>
  );
}
