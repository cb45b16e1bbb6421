import { joinClasses } from "@finops/ui/text/join-classes";
import { type LiveState, useLive } from "../../lib/live.ts";

const words: Record<LiveState, { label: string; about: string; dot: string }> = {
  live: { label: "Live", about: "What changes is shown at once.", dot: "bg-positive" },
  connecting: { label: "Connecting", about: "What changes is shown in a moment.", dot: "bg-text-3" },
  reconnecting: {
    label: "Reconnecting",
    about: "The connection broke and is tried again; nothing is missed.",
    dot: "bg-warning motion-safe:animate-pulse",
  },
  polling: {
    label: "Every 5 seconds",
    about:
      "Something between here and the server lets no live connection through, so this page asks from time to time.",
    dot: "bg-text-3",
  },
  off: { label: "Not live", about: "Reload the page to see what changed.", dot: "bg-text-3" },
};

/** Whether what is seen is what is. */
export function LiveMark() {
  const { label, about, dot } = words[useLive(({ state }) => state)];
  return (
    <p role="status" title={about} className="flex items-center gap-1.5 text-xs text-text-2">
      <span aria-hidden className={joinClasses("size-2 rounded-full", dot)} />
      {label}
    </p>
  );
}
