import { Button } from "@finops/ui/primitives/button";
import { Dialog } from "@finops/ui/primitives/dialog";
import { Fragment } from "react";
import type { Session } from "../lib/session.ts";
import { placesFor } from "./places.ts";
import { isMac } from "./rail.tsx";

/** What the keyboard can do. */
export function ShortcutsHelp({
  session,
  isOpen,
  onClose,
}: {
  session: Session;
  isOpen: boolean;
  onClose: () => void;
}) {
  const shortcuts: { keys: string[]; does: string }[] = [
    { keys: [isMac() ? "⌘" : "Ctrl", "K"], does: "Find a page, a view or a value, or do something" },
    ...placesFor(session).map((place) => ({ keys: ["g", place.key], does: `Go to ${place.label}` })),
    { keys: ["/"], does: "Filter what is on the page" },
    { keys: ["j"], does: "Next entry of a list" },
    { keys: ["k"], does: "Entry before" },
    { keys: ["← →"], does: "Walk through a chart that has the focus" },
    { keys: ["["], does: "Narrow or widen the rail" },
    { keys: ["Esc"], does: "Close what is open" },
    { keys: ["?"], does: "This list" },
  ];
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="Keyboard"
      about={
        <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2 text-sm">
          {shortcuts.map(({ keys, does }) => (
            <Fragment key={does}>
              <dt className="flex gap-1">
                {keys.map((key) => (
                  <kbd
                    key={key}
                    className="min-w-6 rounded-sm border border-line-strong bg-surface-2 px-1.5 py-0.5 text-center font-sans text-xs text-text-1"
                  >
                    {key}
                  </kbd>
                ))}
              </dt>
              <dd className="text-text-1">{does}</dd>
            </Fragment>
          ))}
        </dl>
      }
    >
      <Button onClick={onClose}>Close</Button>
    </Dialog>
  );
}
