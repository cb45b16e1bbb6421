import type { Sharing } from "@finops/capabilities/dashboards/contract";
import type { Report } from "@finops/capabilities/reports/contract";
import { Button } from "@finops/ui/primitives/button";
import { Menu } from "@finops/ui/primitives/menu";
import { useNavigate } from "@tanstack/react-router";
import {
  CalendarClock,
  Check,
  CopyPlus,
  Ellipsis,
  History,
  Pencil,
  Play,
  Plus,
  Trash2,
  UsersRound,
} from "lucide-react";
import { useState } from "react";
import { DeleteDocument } from "../../lib/documents/delete-document.tsx";
import { useCreateDocument } from "../../lib/documents/document-queries.ts";
import { EditState } from "../../lib/documents/edit-state.tsx";
import { ShareDialog } from "../../lib/documents/share-dialog.tsx";
import type { DocumentEdits } from "../../lib/documents/use-document-edits.ts";

interface ReportActionsProps {
  report: Report;
  state: DocumentEdits<"reports">["state"];
  isEditing: boolean;
  isRunning: boolean;
  /** Null while an earlier version is shown: a run tells the newest. */
  onRun: (() => void) | null;
  onEdit: () => void;
  onAdd: () => void;
  onDone: () => void;
  onShare: (sharing: Sharing) => void;
  onVersions: () => void;
}

/** What can be done with the whole report. */
export function ReportActions(props: ReportActionsProps) {
  const { report, state, isEditing, isRunning, onRun, onEdit, onAdd, onDone, onShare, onVersions } = props;
  const [asking, setAsking] = useState<"share" | "delete" | null>(null);
  const create = useCreateDocument("reports");
  const navigate = useNavigate();
  const { mayChange } = report;
  const duplicate = () =>
    create.mutate(
      { name: `${report.name.slice(0, 110)} (copy)`, description: report.description, items: [...report.items] },
      { onSuccess: ({ id }) => void navigate({ to: "/reports/$id", params: { id } }) },
    );
  return (
    <>
      {(isEditing || state !== "kept") && <EditState state={state} />}
      {isEditing ? (
        <>
          <Button icon={<Plus size={16} aria-hidden />} onClick={onAdd}>
            Add
          </Button>
          <Button icon={<Check size={16} aria-hidden />} onClick={onDone}>
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
        trigger={<Button icon={<Ellipsis size={16} aria-hidden />} aria-label="More for this report" title="More" />}
        groups={[
          {
            actions: [
              {
                id: "copy",
                label: "Duplicate",
                about: "A copy of your own, without its runs",
                icon: <CopyPlus size={14} aria-hidden />,
                onSelect: duplicate,
              },
              { id: "versions", label: "Versions", icon: <History size={14} aria-hidden />, onSelect: onVersions },
              {
                id: "schedule",
                label: "Send on schedule",
                about: "By mail or to a channel",
                icon: <CalendarClock size={14} aria-hidden />,
                onSelect: () =>
                  void navigate({ to: "/reports/schedules", search: { edit: `new:report:${report.id}` } }),
              },
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
      <Button
        kind="primary"
        icon={<Play size={16} aria-hidden />}
        disabled={onRun === null || isRunning || report.items.length === 0}
        title={onRun === null ? "A run tells the newest version" : undefined}
        onClick={onRun ?? undefined}
      >
        {isRunning ? "Running…" : "Run now"}
      </Button>
      {asking === "share" && (
        <ShareDialog name={report.name} sharing={report.sharing} onShare={onShare} onClose={() => setAsking(null)} />
      )}
      {asking === "delete" && (
        <DeleteDocument
          kind="reports"
          id={report.id}
          name={report.name}
          sharing={report.sharing}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}
