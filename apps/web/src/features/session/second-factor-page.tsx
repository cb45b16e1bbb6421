import { Button } from "@finops/ui/primitives/button";
import { useEffect } from "react";
import { keepAddress } from "../../lib/return-address.ts";
import { AddCodes } from "../../lib/second-factor/add-codes.tsx";
import { AddPasskey } from "../../lib/second-factor/add-passkey.tsx";
import { CalmPage } from "./calm-page.tsx";
import { hasPasskeys } from "../../lib/second-factor/passkeys.ts";
import { ShowFactor } from "../../lib/second-factor/show-factor.tsx";
import { useSignOut } from "../../lib/use-sign-out.ts";

interface SecondFactorPageProps {
  need: "show" | "enroll";
  /** Recovery codes are on the screen, once: the page must stay until `onDone`. */
  onCodes: () => void;
  onDone: () => void;
}

/** Between the first step of signing in and the company: a code or a passkey, or adding the first one. */
export function SecondFactorPage({ need, onCodes, onDone }: SecondFactorPageProps) {
  useEffect(keepAddress, []);
  const signOut = useSignOut();
  return (
    <CalmPage title={need === "show" ? "Show that it is you" : "Add a second factor"}>
      {need === "show" ? <ShowFactor onDone={onDone} /> : <EnrollFactor onCodes={onCodes} onDone={onDone} />}
      <div className="mt-6 border-t border-line pt-4">
        <Button kind="quiet" onClick={() => signOut.mutate()}>
          Sign out
        </Button>
      </div>
    </CalmPage>
  );
}

function EnrollFactor({ onCodes, onDone }: Omit<SecondFactorPageProps, "need">) {
  return (
    <div className="space-y-6">
      <p className="text-text-2">
        The company wants everybody to have one. Add an app that shows codes, or a passkey of this device.
      </p>
      <AddCodes onCodes={onCodes} onDone={onDone} />
      {hasPasskeys() && <AddPasskey onDone={onDone} />}
    </div>
  );
}
