import type { AuditEntry } from "@finops/capabilities/audit/contract";
import { Button } from "@finops/ui/primitives/button";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { formatInstant } from "@finops/ui/text/format-day";
import { joinClasses } from "@finops/ui/text/join-classes";
import { formatCount } from "@finops/ui/text/format-figure";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Archive, FileDown, ShieldCheck } from "lucide-react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { Beside } from "../../lib/beside.tsx";
import { Page } from "../../lib/page.tsx";
import { useMay } from "../../lib/session.ts";
import { actionWords, subjectOf, viaWords } from "./action-words.ts";
import { AuditFilters } from "./audit-filters.tsx";
import { type AuditSearch, hasFilter } from "./audit-search.ts";
import { EntryPanel } from "./entry-panel.tsx";
import { SealDialog } from "./seal-dialog.tsx";
import { useAudit, useAuditExport, useVerify } from "./use-audit.ts";
import { VerifyAnswer } from "./verify-answer.tsx";

const route = getRouteApi("/audit");

/** Who changed what, who signed in, and who was refused. */
export function AuditPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const audit = useAudit(search);
  const verify = useVerify();
  const save = useAuditExport();
  const [isSealing, setIsSealing] = useState(false);
  const maySeal = useMay("audit:write");
  const go = useCallback(
    (change: Partial<AuditSearch>, replace = true) =>
      void navigate({ to: "/audit", search: (old) => ({ ...(old as AuditSearch), ...change }), replace }),
    [navigate],
  );
  const entries = useMemo(() => audit.data?.pages.flatMap((page) => page.entries) ?? [], [audit.data]);
  const opened = entries.find((entry) => entry.sequence === search.entry);
  useLoadUpTo(search.entry, entries, audit);
  return (
    <Beside
      panel={
        opened !== undefined && (
          <EntryPanel
            key={opened.sequence}
            entry={opened}
            onFilter={(filter) => go({ ...noFilter, ...filter })}
            onClose={() => go({ entry: undefined })}
          />
        )
      }
    >
      <Page
        title="Audit"
        actions={
          <>
            {maySeal && (
              <Button
                icon={<Archive size={16} aria-hidden className="text-text-3" />}
                aria-label="Put old entries into files"
                title="Put old entries into files"
                onClick={() => setIsSealing(true)}
              />
            )}
            <Button
              icon={<FileDown size={16} aria-hidden className="text-text-3" />}
              disabled={save.isPending}
              onClick={() => save.mutate(search)}
            >
              {save.isPending ? "Exporting…" : "CSV"}
            </Button>
            <Button
              kind="primary"
              icon={<ShieldCheck size={16} aria-hidden />}
              disabled={verify.isPending}
              onClick={() => verify.mutate()}
            >
              {verify.isPending ? "Verifying…" : "Verify"}
            </Button>
          </>
        }
      >
        {verify.data !== undefined && (
          <VerifyAnswer
            answer={verify.data}
            onShow={(sequence) => go({ ...noFilter, entry: sequence })}
            onClose={verify.reset}
          />
        )}
        <AuditFilters search={search} onSearch={go} />
        <Async of={audit} name="The audit" skeleton={<Skeleton className="h-[480px] w-full" />}>
          {() => (
            <section
              aria-label="Entries"
              aria-busy={audit.isPlaceholderData}
              className={joinClasses(
                "min-w-0 rounded-lg border border-line bg-surface-1",
                audit.isPlaceholderData && "opacity-60",
              )}
            >
              <EntryTable
                entries={entries}
                hasMore={audit.hasNextPage}
                onEnd={() => {
                  if (!audit.isFetchingNextPage) void audit.fetchNextPage();
                }}
                onOpen={(entry) => go({ entry: entry.sequence }, false)}
              />
              <SealedPart entries={entries} isWhole={!audit.hasNextPage && !hasFilter(search)} />
            </section>
          )}
        </Async>
        {isSealing && <SealDialog onClose={() => setIsSealing(false)} />}
      </Page>
    </Beside>
  );
}

/** An entry that an address names may stand further down: pages are read until it is there. */
function useLoadUpTo(
  wanted: number | undefined,
  entries: readonly AuditEntry[],
  { hasNextPage, isFetching, fetchNextPage }: ReturnType<typeof useAudit>,
): void {
  const last = entries.at(-1)?.sequence;
  useEffect(() => {
    if (wanted !== undefined && last !== undefined && wanted < last && hasNextPage && !isFetching) void fetchNextPage();
  }, [wanted, last, hasNextPage, isFetching, fetchNextPage]);
}

const noFilter: AuditSearch = {
  actor: undefined,
  action: undefined,
  via: undefined,
  from: undefined,
  to: undefined,
  text: undefined,
  entry: undefined,
};

interface EntryTableProps {
  entries: readonly AuditEntry[];
  hasMore: boolean;
  onEnd: () => void;
  onOpen: (entry: AuditEntry) => void;
}

function EntryTable({ entries, hasMore, onEnd, onOpen }: EntryTableProps) {
  return (
    <DataTable
      label="Entries"
      rows={entries}
      columns={columns}
      rowId={(entry) => String(entry.sequence)}
      server={server}
      hasMore={hasMore}
      onEnd={onEnd}
      onActivate={onOpen}
      isPlain
      height={720}
      empty="No entry is like that. Clear a filter to see more."
    />
  );
}

// The order is the chain's.
const server = { sorts: true, filters: true };

const columns: DataColumn<AuditEntry>[] = [
  {
    id: "what",
    header: "What",
    cell: (entry) => (
      <span className="flex min-w-0 items-baseline gap-1.5">
        <span
          className={joinClasses(
            "inline-block max-w-full shrink-0 truncate font-medium first-letter:uppercase",
            isRefusal(entry) && "text-negative",
          )}
        >
          {actionWords(entry.action)}
        </span>
        <span className="min-w-0 truncate text-text-2" dir="auto">
          {subjectOf(entry.before, entry.after)}
        </span>
      </span>
    ),
  },
  {
    id: "actor",
    header: "Who",
    width: 184,
    cell: (entry) => <span dir="auto">{entry.actor.name}</span>,
  },
  { id: "at", header: "When (UTC)", width: 184, cell: (entry) => formatInstant(entry.at).replace(" UTC", "") },
  { id: "via", header: "By way of", width: 120, cell: (entry) => viaWords[entry.via] ?? entry.via },
  {
    id: "address",
    header: "Address",
    width: 152,
    isMinor: true,
    cell: (entry) => entry.address ?? <span className="text-text-3">–</span>,
  },
  {
    id: "sequence",
    header: "Entry",
    kind: "count",
    width: 88,
    isMinor: true,
    cell: (entry) => <span className="text-text-2">{formatCount(entry.sequence)}</span>,
  },
];

function isRefusal({ action }: AuditEntry): boolean {
  return action === "access.denied" || action === "sign-in.refused";
}

/** What is in no list any more, because it stands in files. */
function SealedPart({ entries, isWhole }: { entries: readonly AuditEntry[]; isWhole: boolean }) {
  const first = entries.at(-1)?.sequence;
  if (!isWhole || first === undefined || first === 1) return null;
  return (
    <p className="flex items-center gap-2 border-t border-line px-4 py-2 text-sm text-text-2">
      <Archive size={14} aria-hidden className="shrink-0 text-text-3" />
      {first === 2 ? "Entry 1 stands" : `Entries 1 to ${formatCount(first - 1)} stand`} in sealed files. Verify checks
      them with the rest of the chain.
    </p>
  );
}
