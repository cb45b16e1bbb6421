import type { CostView, SavedView } from "@finops/capabilities/views/contract";
import { Button } from "@finops/ui/primitives/button";
import { Dialog } from "@finops/ui/primitives/dialog";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatInstant } from "@finops/ui/text/format-day";
import { useViewVersions } from "./use-saved-views.ts";

interface VersionsDialogProps {
  saved: SavedView;
  onShow: (view: CostView) => void;
  onClose: () => void;
}

/** What a view was, and the way to see it again. */
export function VersionsDialog({ saved, onShow, onClose }: VersionsDialogProps) {
  const versions = useViewVersions(saved.id, true);
  return (
    <Dialog
      title={`Versions of ${saved.name}`}
      isOpen
      onClose={onClose}
      about={
        <Async of={versions} name="The versions" skeleton={<Skeleton className="h-24 w-full" />}>
          {(list) => (
            <ol className="max-h-80 space-y-1 overflow-y-auto">
              {list.map((one) => (
                <li key={one.version} className="flex items-center gap-3 text-sm">
                  <span className="min-w-0 flex-1">
                    <span className="block truncate text-text-1" dir="auto">
                      {one.version}. {one.name}
                    </span>
                    <span className="block text-xs">
                      {one.changedBy.name}, {formatInstant(one.changedAt)}
                    </span>
                  </span>
                  <Button kind="quiet" onClick={() => onShow(one.view)}>
                    Show
                  </Button>
                </li>
              ))}
            </ol>
          )}
        </Async>
      }
    >
      <Button onClick={onClose}>Close</Button>
    </Dialog>
  );
}
