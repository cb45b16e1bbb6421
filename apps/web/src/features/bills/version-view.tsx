import type { DatasetVersion } from "@finops/capabilities/sources/contract";
import { decimal } from "@finops/kernel/decimal";
import { Count } from "@finops/ui/figures/count";
import { Delta } from "@finops/ui/figures/delta";
import { Money } from "@finops/ui/figures/money";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Async } from "@finops/ui/states/async";
import { Notice } from "@finops/ui/states/notice";
import { copyText } from "@finops/ui/text/copy-text";
import { formatDay, formatInstant } from "@finops/ui/text/format-day";
import { formatBytes, formatCount } from "@finops/ui/text/format-figure";
import { Copy } from "lucide-react";
import { useEffect, useRef } from "react";
import { ApiProblem } from "../../lib/api.ts";
import type { ChangeSearch } from "./bills-search.ts";
import { DaySquares } from "./day-squares.tsx";
import { ListSkeleton } from "./list-skeleton.tsx";
import { ConformanceReport } from "./conformance-report.tsx";
import { ImportReportView } from "./import-report-view.tsx";
import { RejectTable } from "./reject-table.tsx";
import { useConformance, useDifference, useVersion } from "./use-bills.ts";

const states: Record<string, string> = {
  published: "Current",
  superseded: "Replaced by a later version",
  rolled_back: "Rolled back",
  removed: "Taken out",
  ready: "Not published yet",
  building: "Being made",
};

interface VersionViewProps {
  id: string;
  /** The bill file to which a link leads. */
  file: string | undefined;
  onOpen: ChangeSearch;
}

/** One version of one month: what it is, the files behind it, what it changed, how good it is and what it refused. */
export function VersionView({ id, file, onOpen }: VersionViewProps) {
  const version = useVersion(id);
  if (version.error instanceof ApiProblem && version.error.code === "not_found" && version.data === undefined)
    return (
      <Notice
        tone="info"
        title="There is no such version."
        action={<Button onClick={() => onOpen({})}>All bills</Button>}
      />
    );
  return (
    <Async of={version} name="The version" skeleton={<ListSkeleton />}>
      {(found) => (
        <div className="space-y-4 pb-6">
          <Summary version={found} onOpen={onOpen} />
          <Files files={found.files} named={file} />
          <Difference id={id} onOpen={onOpen} />
          <Conformance id={id} />
          <RejectTable id={id} />
          {found.report !== null && (
            <Card title="Import report" about="Of the import that made this version, all of its months together.">
              <div className="px-4 pb-4">
                <ImportReportView report={found.report} />
              </div>
            </Card>
          )}
        </div>
      )}
    </Async>
  );
}

function Summary({ version, onOpen }: { version: DatasetVersion; onOpen: ChangeSearch }) {
  return (
    <Card
      title={`${formatDay(version.billingPeriod, "month")}, version ${version.number}`}
      about={`${states[version.state] ?? version.state}${version.publishedAt === null ? "" : `, published ${formatInstant(version.publishedAt)}`}`}
    >
      <dl className="grid gap-x-8 gap-y-3 px-4 pb-4 text-sm sm:grid-cols-2 lg:grid-cols-4">
        <div className="min-w-0">
          <dt className="text-xs text-text-2">Source</dt>
          <dd className="min-w-0">
            <button
              type="button"
              dir="auto"
              className="block max-w-full cursor-pointer truncate rounded-sm text-left font-medium text-accent hover:underline"
              onClick={() => onOpen({ source: version.source })}
            >
              {version.sourceName}
            </button>
            <span className="text-xs text-text-2">{version.formatName}</span>
          </dd>
        </div>
        <div>
          <dt className="text-xs text-text-2">Billed cost</dt>
          <dd>
            <Totals version={version} column="billedCost" />
          </dd>
        </div>
        <div>
          <dt className="text-xs text-text-2">Effective cost</dt>
          <dd>
            <Totals version={version} column="effectiveCost" />
          </dd>
        </div>
        <div>
          <dt className="text-xs text-text-2">Rows</dt>
          <dd>
            <Count of={version.rows} />
          </dd>
        </div>
        {version.days !== null && (
          <div className="sm:col-span-2 lg:col-span-4">
            <dt className="mb-1 text-xs text-text-2">Days with usage</dt>
            <dd>
              <DaySquares month={version.billingPeriod} days={version.days} />
            </dd>
          </div>
        )}
      </dl>
    </Card>
  );
}

function Totals({ version, column }: { version: DatasetVersion; column: "billedCost" | "effectiveCost" }) {
  return Object.entries(version.totals).map(([currency, total]) => (
    <span key={currency} className="block">
      <Money amount={total[column]} currency={currency} />
    </span>
  ));
}

function Files({ files, named }: { files: DatasetVersion["files"]; named: string | undefined }) {
  const marked = useRef<HTMLLIElement>(null);
  useEffect(() => marked.current?.scrollIntoView({ block: "center" }), [named]);
  return (
    <Card title="Bill files" about="Kept unchanged since they came; the hash proves it.">
      <ul className="divide-y divide-line px-4 pb-3 text-sm">
        {files.map((file) => (
          <li
            key={`${file.name} ${file.sha256}`}
            ref={file.name === named ? marked : null}
            className={`flex flex-wrap items-center gap-x-4 gap-y-1 py-2 ${file.name === named ? "-mx-2 rounded-md bg-accent-soft px-2" : ""}`}
          >
            <span className="min-w-0 flex-1 basis-60 break-all" dir="auto">
              {file.name}
              {file.role !== "" && <span className="ml-2 text-xs text-text-2">{file.role}</span>}
            </span>
            <span className="text-xs whitespace-nowrap text-text-2">{formatBytes(file.bytes)}</span>
            <code className="max-w-full truncate font-mono text-xs text-text-2" title={`sha-256 ${file.sha256}`}>
              {file.sha256.slice(0, 16)}…
            </code>
            <Button
              kind="quiet"
              icon={<Copy size={14} aria-hidden />}
              aria-label={`Copy the sha-256 of ${file.name}`}
              title="Copy the whole sha-256"
              onClick={() => void copyText(file.sha256).catch(() => undefined)}
            />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Difference({ id, onOpen }: { id: string; onOpen: ChangeSearch }) {
  const difference = useDifference(id);
  const { previousVersion = null, changes = [] } = difference.data ?? {};
  if (previousVersion === null) return null;
  return (
    <Card
      title="What it changed"
      about="Against the version before it, by service and account."
      actions={<Button onClick={() => onOpen({ version: previousVersion })}>The version before</Button>}
    >
      {changes.length === 0 ? (
        <p className="px-4 pb-4 text-sm text-text-2">No charge is another one.</p>
      ) : (
        <div className="overflow-x-auto" role="region" aria-label="Changed groups" tabIndex={0}>
          <table className="w-full text-sm">
            <thead className="text-xs text-text-2">
              <tr>
                {["Service", "Account", "Added", "Removed", "Changed", "Before", "After", "Difference"].map(
                  (name, index) => (
                    <th
                      key={name}
                      scope="col"
                      className={`h-8 px-4 font-medium whitespace-nowrap ${index < 2 ? "text-left" : "text-right"} ${index >= 2 && index < 7 ? "max-md:hidden" : ""}`}
                    >
                      {name}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {changes.slice(0, 100).map((group) => (
                <tr key={`${group.serviceName} ${group.account} ${group.currency}`} className="border-t border-line">
                  <th scope="row" className="h-8 px-4 text-left font-normal" dir="auto">
                    {group.serviceName ?? "Not stated"}
                  </th>
                  <td className="px-4" dir="auto">
                    {group.account ?? "not stated"}
                  </td>
                  {[group.rowsAdded, group.rowsRemoved, group.rowsChanged].map((rows, index) => (
                    <td key={index} className="px-4 text-right max-md:hidden">
                      <Count of={rows} />
                    </td>
                  ))}
                  <td className="px-4 text-right max-md:hidden">
                    <Money amount={group.billedBefore} currency={group.currency} />
                  </td>
                  <td className="px-4 text-right max-md:hidden">
                    <Money amount={group.billedAfter} currency={group.currency} />
                  </td>
                  <td className="px-4 text-right whitespace-nowrap">
                    {decimal(group.billedBefore).isZero() ? (
                      <Money amount={group.billedAfter} currency={group.currency} />
                    ) : (
                      <Delta
                        now={group.billedAfter}
                        before={group.billedBefore}
                        currency={group.currency}
                        good="neither"
                      />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {changes.length > 100 && (
            <p className="px-4 py-2 text-xs text-text-2">
              The 100 that moved most; {formatCount(changes.length - 100)} more moved less.
            </p>
          )}
        </div>
      )}
    </Card>
  );
}

function Conformance({ id }: { id: string }) {
  const conformance = useConformance(id);
  return (
    <Card title="FOCUS conformance" about="How the bill's rows stand against the rules of the specification.">
      <Async of={conformance} name="The conformance report" skeleton={<ListSkeleton />}>
        {(report) =>
          report === null ? (
            <p className="px-4 pb-4 text-sm text-text-2">The rules were not checked for this version.</p>
          ) : (
            <ConformanceReport report={report} />
          )
        }
      </Async>
    </Card>
  );
}
