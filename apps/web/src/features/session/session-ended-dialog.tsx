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
        <p>
          What you typed is still here.{" "}
          <a className="text-accent underline" href="/sign-in" target="_blank" rel="noopener">
            Sign in in another tab
          </a>
          , by any way that your company offers; this page then goes on by itself.
        </p>
      }
    >
      <Button kind="primary" icon={<RotateCw size={16} aria-hidden />} onClick={onRetry}>
        I have signed in
      </Button>
    </Dialog>
  );
}
