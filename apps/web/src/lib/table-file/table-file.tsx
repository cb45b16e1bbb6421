import { Button } from "@finops/ui/primitives/button";
import { FileUp } from "lucide-react";
import { useRef, useState } from "react";

/** What the server reads of a pasted table at most. */
const lettersMax = 20_000;

/**
 * Takes a table of periods and figures from a CSV or XLSX file, as it would be pasted. The file itself stays on the reader's
 * machine.
 */
export function TableFile({ of, onRead }: { of: "plan" | "values"; onRead: (table: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const take = async (file: File) => {
    try {
      // What unpacks workbooks is for who has one.
      const { bytesMax, readTableFile } = await import("./read-table-file.ts");
      if (file.size > bytesMax) throw new Error("The file is larger than 2 MB. Leave a row for each period in it.");
      const table = readTableFile(new Uint8Array(await file.arrayBuffer()));
      if (table.length > lettersMax)
        throw new Error("The file has more than is read at once. Leave a row for each period in it.");
      setProblem(null);
      onRead(table);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div className="mt-1">
      <input
        ref={input}
        type="file"
        hidden
        aria-label={`File of the ${of}`}
        accept=".csv,.tsv,.txt,.xlsx"
        onChange={({ target }) => {
          const file = target.files?.[0];
          target.value = "";
          if (file !== undefined) void take(file);
        }}
      />
      <Button kind="quiet" icon={<FileUp size={14} aria-hidden />} onClick={() => input.current?.click()}>
        Read a CSV or XLSX file
      </Button>
      {problem !== null && (
        <p role="alert" className="mt-1 text-xs text-negative">
          {problem}
        </p>
      )}
    </div>
  );
}
