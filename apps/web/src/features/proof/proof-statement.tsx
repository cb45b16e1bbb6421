import type { FigureProof } from "@finops/capabilities/proof/contract";
import { Button } from "@finops/ui/primitives/button";
import { copyText } from "@finops/ui/text/copy-text";
import { Copy } from "lucide-react";
import { useState } from "react";

/** The request as data and the statement that answered it, to be asked again by anybody. */
export function ProofStatement({ proof: { request, statement } }: { proof: FigureProof }) {
  return (
    <div className="space-y-2">
      <Code title="Request" text={JSON.stringify(request, null, 2)} />
      <Code title="SQL" text={statement.sql} />
      <p className="text-xs text-text-2">
        Position {statement.position} of the publication log. Values are bound and never part of the text.
      </p>
    </div>
  );
}

function Code({ title, text }: { title: string; text: string }) {
  const [isCopied, setCopied] = useState(false);
  return (
    <details className="rounded-md border border-line">
      <summary className="cursor-pointer px-3 py-2 text-sm hover:bg-surface-2">{title}</summary>
      <div className="relative border-t border-line">
        <pre className="max-h-80 overflow-auto p-3 pr-24 text-xs whitespace-pre-wrap break-words" tabIndex={0}>
          {text}
        </pre>
        <Button
          className="absolute top-2 right-2"
          icon={<Copy size={14} aria-hidden />}
          onClick={() => void copyText(text).then(() => setCopied(true))}
        >
          {isCopied ? "Copied" : "Copy"}
        </Button>
      </div>
    </details>
  );
}
