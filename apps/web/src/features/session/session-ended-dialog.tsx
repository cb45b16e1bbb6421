import { Button } from "@finops/ui/primitives/button";
import { Dialog } from "@finops/ui/primitives/dialog";
import { RotateCw } from "lucide-react";
import { useEffect } from "react";
import { keepAddress } from "../../lib/return-address.ts";

/** Over the page, which stays as it is with everything that was typed into it. */
export function SessionEndedDialog({ onRetry }: { onRetry: () => void }) {
  useEffect(keepAddress, []);
  return (
    <Dialog
      isOpen
      // It cannot be put away: there is nothing to do behind it.
      onClose={onRetry}
      title="Your session has ended"
      about={
        <>
          <p>
            What you typed is still here. Get a sign-in link in the folder that the server runs in, and open it in this
            browser, in another tab; this page then goes on by itself.
          </p>
          <pre className="mt-3 overflow-x-auto rounded-md border border-line bg-surface-2 px-3 py-2 text-sm text-text-1 select-all">
            <code>pnpm -s finops link</code>
          </pre>
        </>
      }
    >
      <Button kind="primary" icon={<RotateCw size={16} aria-hidden />} onClick={onRetry}>
        I have signed in
      </Button>
    </Dialog>
  );
}
