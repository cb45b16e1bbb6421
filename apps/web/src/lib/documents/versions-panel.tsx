import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatInstant } from "@finops/ui/text/format-day";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { request } from "../api.ts";
import { useToasts } from "../toasts.tsx";
import { documentKey, documentPath, type Kind, useVersions, type Whole } from "./document-queries.ts";

interface VersionsPanelProps {
  kind: Kind;
  document: Whole<Kind>;
  shownVersion: number | null;
  onShow: (version: number | null) => void;
  onClose: () => void;
}

/** What each change left behind: to look at, and to bring back. */
export function VersionsPanel({ kind, document, shownVersion, onShow, onClose }: VersionsPanelProps) {
  const versions = useVersions(kind, document.id);
  const restore = useRestore(kind, document);
  return (
    <SidePanel title="Versions" about="Every change keeps what it changed." onClose={onClose}>
      <Async of={versions} name="The versions" skeleton={<Skeleton className="h-40 w-full" />}>
        {(list) => (
          <ol className="space-y-1">
            {list.map((one) => {
              const isNewest = one.version === document.version;
              const isShown = isNewest ? shownVersion === null : shownVersion === one.version;
              return (
                <li
                  key={one.version}
                  aria-current={isShown || undefined}
                  className="flex items-center gap-2 rounded-md px-2 py-1.5 aria-[current=true]:bg-surface-3"
                >
                  <span className="min-w-0 flex-1">
                    <span className="flex items-center gap-2 text-sm">
                      <span className="truncate" dir="auto">
                        {one.version}. {one.name}
                      </span>
                      {isNewest && <Badge tone="accent">Newest</Badge>}
                    </span>
                    <span className="block truncate text-xs text-text-2">
                      {one.changedBy.name}, {formatInstant(one.changedAt)}
                    </span>
                  </span>
                  {!isShown && (
                    <Button
                      kind="quiet"
                      aria-label={`Show version ${one.version}`}
                      onClick={() => onShow(isNewest ? null : one.version)}
                    >
                      Show
                    </Button>
                  )}
                  {isShown && !isNewest && document.mayChange && (
                    <Button
                      kind="primary"
                      disabled={restore.isPending}
                      onClick={() => restore.mutate(one.version, { onSuccess: () => onShow(null) })}
                    >
                      Bring back
                    </Button>
                  )}
                </li>
              );
            })}
          </ol>
        )}
      </Async>
    </SidePanel>
  );
}

function useRestore(kind: Kind, { id, version: on }: Whole<Kind>) {
  const client = useQueryClient();
  const show = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: (version: number) =>
      request<Whole<Kind>>(`${documentPath(kind, id)}/restore`, { method: "POST", body: { version, on } }),
    onSuccess: (next, version) => {
      client.setQueryData(documentKey(kind, id), next);
      show({ id: kind, tone: "info", title: `Version ${version} is the newest again.` });
    },
    onError: (error) => show({ id: kind, tone: "error", title: "It was not brought back.", body: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: documentKey(kind) }),
  });
}
