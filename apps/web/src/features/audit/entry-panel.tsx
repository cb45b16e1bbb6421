import type { AuditEntry } from "@finops/capabilities/audit/contract";
import { Button } from "@finops/ui/primitives/button";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { formatInstant } from "@finops/ui/text/format-day";
import { joinClasses } from "@finops/ui/text/join-classes";
import { type ReactNode, useMemo, useState } from "react";
import { actionWords, viaWords } from "./action-words.ts";
import type { AuditSearch } from "./audit-search.ts";
import { type DiffLine, diffValues } from "./diff-values.ts";

interface EntryPanelProps {
  entry: AuditEntry;
  /** Shows other entries that have something in common with it. */
  onFilter: (filter: AuditSearch) => void;
  onClose: () => void;
}

/** One entry: who, how, from where, and what is different since. */
export function EntryPanel({ entry, onFilter, onClose }: EntryPanelProps) {
  return (
    <SidePanel
      title={`${entry.actor.name} ${actionWords(entry.action)}`}
      about={`Entry ${entry.sequence}, ${formatInstant(entry.at)}`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={() => onFilter({ text: entry.requestId, entry: entry.sequence })}>The whole request</Button>
          <Button onClick={() => onFilter({ actor: entry.actor.id, entry: entry.sequence })}>
            All by {entry.actor.kind === "person" ? "this person" : entry.actor.kind === "key" ? "this key" : "it"}
          </Button>
        </>
      }
    >
      <Diff entry={entry} />
      <dl className="mt-6 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm">
        <Fact name="Action">{entry.action}</Fact>
        <Fact name="By way of">{viaWords[entry.via] ?? entry.via}</Fact>
        <Fact name="Address">{entry.address ?? "not stated"}</Fact>
        <Fact name="Actor">
          {entry.actor.kind} {entry.actor.id}
        </Fact>
        <Fact name="Request">{entry.requestId}</Fact>
        <Fact name="Hash">{entry.hash}</Fact>
      </dl>
    </SidePanel>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-text-2">{name}</dt>
      <dd className="min-w-0 break-all select-all">{children}</dd>
    </>
  );
}

function Diff({ entry }: { entry: AuditEntry }) {
  const [showsAll, setShowsAll] = useState(false);
  const lines = useMemo(() => diffValues(entry.before, entry.after), [entry]);
  const changed = lines.filter((line) => line.change !== "same");
  const same = lines.length - changed.length;
  if (lines.length === 0) return <p className="text-sm text-text-2">The entry says no more than that it happened.</p>;
  return (
    <>
      <table className="w-full table-fixed text-sm">
        <caption className="sr-only">Before and after</caption>
        <thead>
          <tr className="border-b border-line-strong text-left text-xs text-text-2">
            <th scope="col" className="w-[30%] py-1.5 pr-2 font-medium">
              Field
            </th>
            <th scope="col" className="py-1.5 pr-2 font-medium">
              Before
            </th>
            <th scope="col" className="py-1.5 font-medium">
              After
            </th>
          </tr>
        </thead>
        <tbody>
          {(showsAll ? lines : changed).map((line, index) => (
            <Line key={`${line.path} ${index}`} line={line} />
          ))}
        </tbody>
      </table>
      {changed.length === 0 && !showsAll && <p className="py-2 text-sm text-text-2">Nothing is different.</p>}
      {same > 0 && (
        <Button kind="quiet" className="mt-1" onClick={() => setShowsAll(!showsAll)} aria-expanded={showsAll}>
          {showsAll ? "Only what is different" : `${same} ${same === 1 ? "field" : "fields"} as before`}
        </Button>
      )}
    </>
  );
}

/** A sign beside the colour says what came and what went. */
function Line({ line: { path, before, after, change } }: { line: DiffLine }) {
  const isBeforeMarked = change === "removed" || change === "changed";
  const isAfterMarked = change === "added" || change === "changed";
  return (
    <tr className="border-b border-line align-top">
      <th scope="row" className="py-1.5 pr-2 text-left font-normal break-words text-text-2">
        {path}
      </th>
      <td className={joinClasses("py-1.5 pr-2 break-words", isBeforeMarked && "text-negative")} dir="auto">
        {before !== null && (isBeforeMarked ? <del className="no-underline">− {before}</del> : before)}
      </td>
      <td className={joinClasses("py-1.5 break-words", isAfterMarked && "text-positive")} dir="auto">
        {after !== null && (isAfterMarked ? <ins className="no-underline">+ {after}</ins> : after)}
      </td>
    </tr>
  );
}
