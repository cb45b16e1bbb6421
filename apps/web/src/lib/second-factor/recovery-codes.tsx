import { Button } from "@finops/ui/primitives/button";
import { Checkbox } from "@finops/ui/primitives/checkbox";
import { copyText } from "@finops/ui/text/copy-text";
import { Copy } from "lucide-react";
import { useState } from "react";

/** Shown this once: each stands for a code of the app, for when the app is lost. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const [isKept, setIsKept] = useState(false);
  return (
    <section aria-labelledby="recovery-codes" className="space-y-3">
      <h2 id="recovery-codes" className="text-base font-semibold">
        Keep your recovery codes
      </h2>
      <p className="text-sm text-text-2">
        Each works once in place of a code, for when your app is lost. They are shown now and never again.
      </p>
      <ul className="space-y-1 rounded-md bg-surface-2 px-3 py-2 text-sm select-all">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Button
        icon={<Copy size={16} aria-hidden className="text-text-3" />}
        onClick={() => void copyText(codes.join("\n")).catch(() => undefined)}
      >
        Copy
      </Button>
      <Checkbox label="I have kept them in a safe place" checked={isKept} onChange={setIsKept} />
      <Button kind="primary" disabled={!isKept} onClick={onDone}>
        Go on
      </Button>
    </section>
  );
}
