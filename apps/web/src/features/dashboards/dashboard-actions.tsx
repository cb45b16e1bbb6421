import type { Dashboard, Sharing } from "@finops/capabilities/dashboards/contract";
import { Button } from "@finops/ui/primitives/button";
import { Menu } from "@finops/ui/primitives/menu";
import { useNavigate } from "@tanstack/react-router";
import { Check, CopyPlus, Ellipsis, History, Pencil, Plus, Trash2, UsersRound } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useCreateDocument } from "../../lib/documents/document-queries.ts";
import { EditState } from "../../lib/documents/edit-state.tsx";
import type { DocumentEdits } from "../../lib/documents/use-document-edits.ts";

// For who asks for them.
const ShareDialog = lazy(async () => ({
  default: (await import("../../lib/documents/share-dialog.tsx")).ShareDialog,
}));
const DeleteDocument = lazy(async () => ({
  default: (await import("../../lib/documents/delete-document.tsx")).DeleteDocument,
}));

interface DashboardActionsProps {
  dashboard: Dashboard;
  state: DocumentEdits<"dashboards">["state"];
  isEditing: boolean;
  onEdit: () => void;
  onAdd: () => void;
  onDone: () => void;
  onShare: (sharing: Sharing) => void;
  onVersions: () => void;
}

/** What can be done with the whole dashboard. */
export function DashboardActions(props: DashboardActionsProps) {
  const { dashboard, state, isEditing, onEdit, onAdd, onDone, onShare, onVersions } = props;
  const [asking, setAsking] = useState<"share" | "delete" | null>(null);
  const create = useCreateDocument("dashboards");
  const navigate = useNavigate();
  const duplicate = () =>
    create.mutate(
      {
        name: `${dashboard.name.slice(0, 110)} (copy)`,
        description: dashboard.description,
        tiles: [...dashboard.tiles],
      },
      { onSuccess: ({ id }) => void navigate({ to: "/dashboards/$id", params: { id } }) },
    );
  const { mayChange } = dashboard;
  return (
    <>
      {(isEditing || state !== "kept") && <EditState state={state} />}
      {isEditing ? (
        <>
          <Button icon={<Plus size={16} aria-hidden />} onClick={onAdd}>
            Add a tile
          </Button>
          <Button kind="primary" icon={<Check size={16} aria-hidden />} onClick={onDone}>
            Done
          </Button>
        </>
      ) : (
        mayChange && (
          <Button icon={<Pencil size={16} aria-hidden className="text-text-3" />} onClick={onEdit}>
            Edit
          </Button>
        )
      )}
      {mayChange && (
        <Button icon={<UsersRound size={16} aria-hidden className="text-text-3" />} onClick={() => setAsking("share")}>
          Share
        </Button>
      )}
      <Menu
        trigger={<Button icon={<Ellipsis size={16} aria-hidden />} aria-label="More for this dashboard" title="More" />}
        groups={[
          {
            actions: [
              {
                id: "copy",
                label: "Duplicate",
                about: "A copy of your own",
                icon: <CopyPlus size={14} aria-hidden />,
                onSelect: duplicate,
              },
              { id: "versions", label: "Versions", icon: <History size={14} aria-hidden />, onSelect: onVersions },
            ],
          },
          {
            actions: [
              {
                id: "delete",
                label: "Delete",
                icon: <Trash2 size={14} aria-hidden />,
                isDangerous: true,
                isDisabled: !mayChange,
                ...(mayChange ? {} : { about: "Its owner can, or who has views:write" }),
                onSelect: () => setAsking("delete"),
              },
            ],
          },
        ]}
      />
      <Suspense>
        {asking === "share" && (
          <ShareDialog
            name={dashboard.name}
            sharing={dashboard.sharing}
            onShare={onShare}
            onClose={() => setAsking(null)}
          />
        )}
        {asking === "delete" && (
          <DeleteDocument
            kind="dashboards"
            id={dashboard.id}
            name={dashboard.name}
            sharing={dashboard.sharing}
            onClose={() => setAsking(null)}
          />
        )}
      </Suspense>
    </>
  );
}
