import type { AuditVerification } from "@finops/capabilities/audit/contract";
import { Button } from "@finops/ui/primitives/button";
import { Notice } from "@finops/ui/states/notice";
import { copyText } from "@finops/ui/text/copy-text";
import { formatCount } from "@finops/ui/text/format-figure";
import { X } from "lucide-react";
import { useState } from "react";

interface VerifyAnswerProps {
  answer: AuditVerification;
  onShow: (sequence: number) => void;
  onClose: () => void;
}

/** Whether the chain holds, or where it is broken. */
export function VerifyAnswer({ answer: { entries, sealed, headHash, fault }, onShow, onClose }: VerifyAnswerProps) {
  const [isCopied, setIsCopied] = useState(false);
  return (
    <div className="mb-4">
      <Notice
        tone={fault === null ? "good" : "error"}
        title={
          fault === null
            ? `${entries === 1 ? "The one entry is" : `All ${formatCount(entries)} entries are`} there as ${entries === 1 ? "it was" : "they were"} written.`
            : `Entry ${formatCount(fault.sequence)} does not fit the chain: ${fault.kind}.`
        }
        action={
          <span className="flex gap-2">
            {fault !== null && <Button onClick={() => onShow(fault.sequence)}>Show it</Button>}
            <Button kind="quiet" icon={<X size={16} aria-hidden />} aria-label="Close the answer" onClick={onClose} />
          </span>
        }
      >
        {fault !== null && <p>{fault.sentence}</p>}
        {sealed > 0 && (
          <p>
            {formatCount(sealed)} of them {sealed === 1 ? "stands" : "stand"} in sealed files, which were read as well.
          </p>
        )}
        <p>
          Hash of the newest entry: <code className="break-all select-all">{headHash}</code>{" "}
          <button
            type="button"
            className="rounded-sm font-medium text-accent hover:underline"
            onClick={() => void copyText(headHash).then(() => setIsCopied(true))}
          >
            {isCopied ? "Copied" : "Copy"}
          </button>
          . Kept elsewhere, it proves later that nothing before it was changed.
        </p>
      </Notice>
    </div>
  );
}
