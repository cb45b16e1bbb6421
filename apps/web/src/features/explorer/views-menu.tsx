import { type CostView, defaultView, type SavedView } from "@finops/capabilities/views/contract";
import { Button } from "@finops/ui/primitives/button";
import { Menu } from "@finops/ui/primitives/menu";
import { Popover } from "@finops/ui/primitives/popover";
import { TextField } from "@finops/ui/primitives/text-field";
import { formatAgo } from "@finops/ui/text/format-day";
import { joinClasses } from "@finops/ui/text/join-classes";
import { systemClock } from "@finops/kernel/clock";
import {
  Bookmark,
  Building2,
  ChevronDown,
  CopyPlus,
  Ellipsis,
  History,
  House,
  Link2,
  Pencil,
  Pin,
  Search,
  Trash2,
} from "lucide-react";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { copyText } from "@finops/ui/text/copy-text";
import { useMay } from "../../lib/session.ts";
import { useToasts } from "../../lib/toasts.tsx";
import { isSameView } from "./explorer-state.ts";
import { useDeleteView, useDuplicateView, useSavedViews, useUpdateView, useViewPreference } from "./use-saved-views.ts";

// Nobody needs them for the first figure.
const SaveDialog = lazy(async () => ({ default: (await import("./save-dialog.tsx")).SaveDialog }));
const VersionsDialog = lazy(async () => ({ default: (await import("./versions-dialog.tsx")).VersionsDialog }));

interface ViewsMenuProps {
  view: CostView;
  savedId: string | null;
  onOpen: (savedId: string | null, view?: CostView) => void;
}

type Asking = { kind: "new" } | { kind: "change"; saved: SavedView } | { kind: "versions"; saved: SavedView } | null;

/** Which saved view is open, whether it was changed since, and the others. */
export function ViewsMenu({ view, savedId, onOpen }: ViewsMenuProps) {
  const views = useSavedViews();
  const update = useUpdateView();
  const [isOpen, setIsOpen] = useState(false);
  const [asking, setAsking] = useState<Asking>(null);
  const open = views.data?.find((one) => one.id === savedId);
  const isDirty = open !== undefined && !isSameView(open.view, view);
  const choose = (id: string | null) => {
    setIsOpen(false);
    onOpen(id, defaultView);
  };
  return (
    <>
      <Popover
        label="Saved views"
        align="end"
        className="w-80 p-2"
        isOpen={isOpen}
        onOpen={setIsOpen}
        trigger={
          <Button icon={<Bookmark size={16} aria-hidden className="text-text-3" />}>
            <span className="max-w-44 truncate" dir="auto">
              {open?.name ?? "Views"}
            </span>
            {isDirty && (
              <span className="size-1.5 shrink-0 rounded-full bg-accent" title="Changed since it was saved">
                <span className="sr-only">, changed since it was saved</span>
              </span>
            )}
            <ChevronDown size={14} aria-hidden className="-mr-0.5 text-text-3" />
          </Button>
        }
      >
        <ViewList
          views={views.data ?? []}
          openId={savedId}
          onChoose={choose}
          onAsk={(next) => {
            setIsOpen(false);
            setAsking(next);
          }}
        />
      </Popover>
      {isDirty && open.mayChange ? (
        <Button
          kind="primary"
          disabled={update.isPending}
          onClick={() => update.mutate({ saved: open, change: { view } }, { onSuccess: () => onOpen(open.id) })}
        >
          Save
        </Button>
      ) : (
        <Button onClick={() => setAsking({ kind: "new" })}>Save as</Button>
      )}
      <Suspense>
        {asking?.kind === "new" && (
          <SaveDialog view={view} saved={null} onSaved={(saved) => onOpen(saved.id)} onClose={() => setAsking(null)} />
        )}
        {asking?.kind === "change" && (
          <SaveDialog view={view} saved={asking.saved} onSaved={() => {}} onClose={() => setAsking(null)} />
        )}
        {asking?.kind === "versions" && (
          <VersionsDialog
            saved={asking.saved}
            onShow={(old) => {
              setAsking(null);
              onOpen(null, old);
            }}
            onClose={() => setAsking(null)}
          />
        )}
      </Suspense>
    </>
  );
}

interface ViewListProps {
  views: readonly SavedView[];
  openId: string | null;
  onChoose: (id: string | null) => void;
  onAsk: (asking: Asking) => void;
}

function ViewList({ views, openId, onChoose, onAsk }: ViewListProps) {
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const found = views
    .filter((one) => `${one.name} ${one.description} ${one.owner.name}`.toLowerCase().includes(wanted))
    .toSorted((a, b) => Number(b.isPinned) - Number(a.isPinned));
  return (
    <>
      <TextField
        label="Find a saved view"
        isLabelHidden
        type="search"
        value={text}
        onChange={setText}
        placeholder="Find a view"
        icon={<Search size={14} />}
      />
      <ul className="my-1 max-h-80 overflow-y-auto" aria-label="Saved views">
        {found.map((saved) => (
          <ViewLine
            key={saved.id}
            saved={saved}
            isOpen={saved.id === openId}
            onChoose={() => onChoose(saved.id)}
            onAsk={onAsk}
            onGone={() => saved.id === openId && onChoose(null)}
          />
        ))}
        {found.length === 0 && (
          <li className="px-2 py-3 text-sm text-text-2">
            {views.length === 0
              ? "No view is saved yet. Save what you see to come back to it."
              : `No view has “${text}” in it.`}
          </li>
        )}
      </ul>
      <div className="flex justify-between gap-2 border-t border-line pt-2">
        <Button kind="quiet" onClick={() => onChoose(null)}>
          Start anew
        </Button>
        <Button onClick={() => onAsk({ kind: "new" })}>Save as</Button>
      </div>
    </>
  );
}

interface ViewLineProps {
  saved: SavedView;
  isOpen: boolean;
  onChoose: () => void;
  onAsk: (asking: Asking) => void;
  onGone: () => void;
}

function ViewLine({ saved, isOpen, onChoose, onAsk, onGone }: ViewLineProps) {
  const prefer = useViewPreference();
  const duplicate = useDuplicateView();
  const remove = useDeleteView();
  const update = useUpdateView();
  const mayShare = useMay("views:write");
  const show = useToasts((toasts) => toasts.show);
  const navigate = useNavigate();
  const icon = (Icon: typeof Pin) => <Icon size={14} aria-hidden />;
  return (
    <li className="group/view flex items-center gap-1 rounded-md hover:bg-surface-3">
      <button
        type="button"
        aria-current={isOpen}
        onClick={onChoose}
        className={joinClasses("min-w-0 flex-1 rounded-md px-2 py-1.5 text-left", isOpen && "text-accent")}
      >
        <span className="flex items-center gap-1.5">
          <span className="truncate font-medium" dir="auto">
            {saved.name}
          </span>
          {saved.isPinned && <Pin size={12} aria-label="Pinned" className="shrink-0 text-text-3" />}
          {saved.isDefault && <House size={12} aria-label="Opens with the explorer" className="shrink-0 text-text-3" />}
        </span>
        <span className="block truncate text-xs text-text-2" dir="auto">
          {saved.visibility === "company" ? `Shared by ${saved.owner.name}` : "Private"},{" "}
          {formatAgo(saved.changedAt, systemClock.now())}
          {saved.description === "" ? "" : `. ${saved.description}`}
        </span>
      </button>
      <Menu
        trigger={
          <Button
            kind="quiet"
            icon={<Ellipsis size={16} aria-hidden />}
            aria-label={`More for ${saved.name}`}
            className="size-7"
          />
        }
        groups={[
          {
            actions: [
              {
                id: "pin",
                label: saved.isPinned ? "Take from the rail" : "Pin to the rail",
                icon: icon(Pin),
                onSelect: () => prefer.mutate({ saved, isPinned: !saved.isPinned }),
              },
              {
                id: "start",
                label: saved.isDefault ? "Do not open the explorer with it" : "Open the explorer with it",
                icon: icon(House),
                onSelect: () => prefer.mutate({ saved, isDefault: !saved.isDefault }),
              },
              {
                id: "link",
                label: "Copy a link",
                icon: icon(Link2),
                about: saved.visibility === "private" ? "Only you can open it while it is private" : "",
                onSelect: () =>
                  void copyText(`${location.origin}/explorer?saved=${saved.id}`).then(() =>
                    show({ id: "views", tone: "info", title: "The link is copied." }),
                  ),
              },
            ].map(({ about, ...action }) => ({ ...action, ...(about === undefined || about === "" ? {} : { about }) })),
          },
          {
            actions: [
              {
                id: "send",
                label: "Send on schedule",
                icon: icon(History),
                onSelect: () => void navigate({ to: "/reports/schedules", search: { edit: `new:view:${saved.id}` } }),
              },
              { id: "copy", label: "Duplicate", icon: icon(CopyPlus), onSelect: () => duplicate.mutate(saved) },
              {
                id: "versions",
                label: "Earlier versions",
                icon: icon(History),
                onSelect: () => onAsk({ kind: "versions", saved }),
              },
              ...(saved.mayChange
                ? [
                    {
                      id: "name",
                      label: "Rename or describe",
                      icon: icon(Pencil),
                      onSelect: () => onAsk({ kind: "change", saved }),
                    },
                  ]
                : []),
              ...(saved.mayChange && mayShare
                ? [
                    {
                      id: "share",
                      label: saved.visibility === "company" ? "Make it private" : "Share with the company",
                      icon: icon(Building2),
                      onSelect: () =>
                        update.mutate({
                          saved,
                          change: { visibility: saved.visibility === "company" ? "private" : "company" },
                        }),
                    },
                  ]
                : []),
            ],
          },
          {
            actions: saved.mayChange
              ? [
                  {
                    id: "delete",
                    label: saved.visibility === "company" ? "Delete for everybody" : "Delete",
                    icon: icon(Trash2),
                    isDangerous: true,
                    onSelect: () => {
                      remove.mutate(saved);
                      onGone();
                    },
                  },
                ]
              : [],
          },
        ]}
      />
    </li>
  );
}
