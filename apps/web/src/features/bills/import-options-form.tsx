import type { ImportOptions } from "@finops/capabilities/sources/contract";
import { useState } from "react";

/** For the bill that does not tell everything: a name for its source, and values for columns that it lacks. */
export function ImportOptionsForm({ onChange }: { onChange: (options: ImportOptions) => void }) {
  const [sourceName, setSourceName] = useState("");
  const [assumed, setAssumed] = useState("");
  const tell = (name: string, lines: string) =>
    onChange({ assume: readAssumed(lines), ...(name.trim() === "" ? {} : { sourceName: name.trim() }) });
  return (
    <details className="text-sm">
      <summary className="w-fit rounded-sm text-text-2 hover:text-text-1">Options for the next import</summary>
      <div className="mt-3 grid gap-4 md:grid-cols-2">
        <label className="block">
          <span className="text-xs font-medium">Name of the source</span>
          <input
            value={sourceName}
            placeholder="As the bill says"
            maxLength={200}
            onChange={(event) => {
              setSourceName(event.target.value);
              tell(event.target.value, assumed);
            }}
            className="mt-1 block h-8 w-full rounded-md border border-line-strong bg-surface-1 px-2"
          />
        </label>
        <label className="block">
          <span className="text-xs font-medium">Columns that the bill lacks, one a line</span>
          <textarea
            value={assumed}
            rows={2}
            placeholder="BillingCurrency=USD"
            onChange={(event) => {
              setAssumed(event.target.value);
              tell(sourceName, event.target.value);
            }}
            className="mt-1 block w-full rounded-md border border-line-strong bg-surface-1 px-2 py-1.5 font-mono text-xs"
          />
        </label>
      </div>
    </details>
  );
}

/** `COLUMN=VALUE`, one a line; a line without a value is not finished yet and says nothing. */
export function readAssumed(lines: string): Record<string, string> {
  const pairs = lines.split("\n").flatMap((line) => {
    const at = line.indexOf("=");
    const [column, value] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    return at > 0 && column !== "" && value !== "" ? [[column, value] as const] : [];
  });
  return Object.fromEntries(pairs);
}
