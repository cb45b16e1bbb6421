import { Button } from "@finops/ui/primitives/button";
import { RotateCw } from "lucide-react";
import { useEffect } from "react";
import { keepAddress } from "../../lib/return-address.ts";

/** One calm page: the way in is a link that the server prints. */
export function SignedOutPage({ onRetry }: { onRetry: () => void }) {
  useEffect(keepAddress, []);
  return (
    <main className="mx-auto flex min-h-dvh max-w-lg flex-col justify-center px-6 py-12">
      <img src="/icon.svg" alt="" className="size-10" />
      <h1 className="mt-6 text-2xl font-semibold">Sign in to see your costs</h1>
      <p className="mt-2 text-text-2">
        The server prints a sign-in link when it starts. It works once, for 15 minutes. Where it is used up, ask for a
        new one in the folder that the server runs in:
      </p>
      <pre className="mt-4 overflow-x-auto rounded-lg border border-line bg-surface-1 px-4 py-3 text-sm select-all">
        <code>pnpm -s finops link</code>
      </pre>
      <p className="mt-4 text-text-2">Open the link in this browser: it leads back to the page that you asked for.</p>
      <div className="mt-6">
        <Button icon={<RotateCw size={16} aria-hidden />} onClick={onRetry}>
          I have signed in
        </Button>
      </div>
    </main>
  );
}
