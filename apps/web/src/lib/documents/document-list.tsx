import { Badge } from "@finops/ui/primitives/badge";
import { Segments } from "@finops/ui/primitives/segments";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { formatAgo, formatInstant } from "@finops/ui/text/format-day";
import { Building2, Lock, UsersRound } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { serverClock } from "../server-clock.ts";
import { useSession } from "../session.ts";
import { type Kind, kindWords, type Summary } from "./document-queries.ts";
import type { DocumentsSearch } from "./documents-search.ts";
import { sharingLabel } from "./share-dialog.tsx";

interface DocumentListProps<K extends Kind> {
  kind: K;
  documents: readonly Summary<K>[];
  search: DocumentsSearch;
  /** What a document holds: "Tiles", and how many. */
  counted: { header: string; count: (document: Summary<K>) => number };
  link: (document: Summary<K>) => ReactNode;
  onSearch: (search: DocumentsSearch) => void;
  onOpen: (document: Summary<K>) => void;
}

/** One's own documents, and those that others share. */
export function DocumentList<K extends Kind>(props: DocumentListProps<K>) {
  const { kind, documents, search, counted, link, onSearch, onOpen } = props;
  const me = usePersonName();
  const rows = useMemo(
    () =>
      documents.filter((document) => {
        const isMine = isOf(document, me);
        return search.whose === undefined || (search.whose === "mine" ? isMine : !isMine);
      }),
    [documents, search.whose, me],
  );
  const columns = useMemo(
    (): DataColumn<Summary<K>>[] => [
      {
        id: "name",
        header: "Name",
        value: (document) => `${document.name} ${document.description}`,
        cell: (document) => (
          <span className="flex min-w-0 items-baseline gap-2">
            {link(document)}
            <span className="min-w-0 truncate text-xs text-text-2" dir="auto">
              {document.description}
            </span>
          </span>
        ),
      },
      {
        id: "owner",
        header: "Owner",
        value: (document) => (isOf(document, me) ? `${document.owner.name} (you)` : document.owner.name),
      },
      {
        id: "sharing",
        header: "Seen by",
        width: 168,
        isMinor: true,
        value: (document) => sharingLabel(document.sharing),
        cell: (document) => <SharingBadge sharing={document.sharing} />,
      },
      {
        id: "count",
        header: counted.header,
        kind: "count",
        width: 80,
        value: (document) => String(counted.count(document)),
      },
      {
        id: "changed",
        header: "Changed",
        width: 120,
        value: (document) => document.changedAt,
        cell: (document) => (
          <span title={`${formatInstant(document.changedAt)} by ${document.changedBy.name}`}>
            {formatAgo(document.changedAt, serverClock.now())}
          </span>
        ),
      },
    ],
    [counted, link, me],
  );
  return (
    <section aria-label={kindWords[kind].many} className="min-w-0 rounded-lg border border-line bg-surface-1">
      <DataTable
        label={kindWords[kind].many}
        rows={rows}
        columns={columns}
        rowId={(document) => document.id}
        onActivate={onOpen}
        state={{ find: search.find ?? "" }}
        onState={(next, patch) => {
          if (patch.find !== undefined) onSearch({ ...search, find: next.find === "" ? undefined : next.find });
        }}
        empty={
          search.whose === "shared"
            ? `Nobody shares a ${kindWords[kind].one} with you yet.`
            : `You have no ${kindWords[kind].one} of your own yet.`
        }
        tools={
          <Segments
            label="Whose"
            value={search.whose ?? "all"}
            options={[
              { value: "all", label: "All" },
              { value: "mine", label: "Mine" },
              { value: "shared", label: "Shared with me" },
            ]}
            onChoose={(whose) => onSearch({ ...search, whose: whose === "all" ? undefined : whose })}
          />
        }
      />
    </section>
  );
}

export function SharingBadge({ sharing }: Pick<Summary<Kind>, "sharing">) {
  const Icon = sharing.with === "nobody" ? Lock : sharing.with === "company" ? Building2 : UsersRound;
  return <Badge icon={<Icon size={12} aria-hidden />}>{sharingLabel(sharing)}</Badge>;
}

function usePersonName(): string | null {
  const { data } = useSession();
  return data?.signedIn === true ? data.name : null;
}

/** What nobody else sees is always one's own; of the rest the owner's name tells. */
function isOf(document: Pick<Summary<Kind>, "owner" | "sharing">, name: string | null): boolean {
  return document.sharing.with === "nobody" || document.owner.name === name;
}
