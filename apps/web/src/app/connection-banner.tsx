import { WifiOff } from "lucide-react";
import { useConnection } from "../lib/connection.ts";

/** While the server does not answer: what is on the screen stays, and the page goes on by itself. */
export function ConnectionBanner() {
  const isLost = useConnection((connection) => connection.isLost);
  return (
    <div role="status" className="sticky top-0 z-40 print:hidden">
      {isLost && (
        <p className="appear-late flex items-center gap-2 border-b border-line bg-warning-soft px-4 py-2 text-sm md:px-6">
          <WifiOff size={16} aria-hidden className="shrink-0 text-warning" />
          <span>
            <b className="font-medium">No answer from the server.</b> What you see is from before; this page goes on by
            itself as soon as it is back.
          </span>
        </p>
      )}
    </div>
  );
}
