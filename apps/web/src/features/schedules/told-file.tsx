import { Button } from "@finops/ui/primitives/button";
import { Notice } from "@finops/ui/states/notice";
import { formatBytes } from "@finops/ui/text/format-figure";
import { useMutation } from "@tanstack/react-query";
import { FileDown } from "lucide-react";
import { useEffect, useMemo } from "react";
import { download } from "../../lib/download.ts";
import { useMay } from "../../lib/session.ts";

/** Where the link of a mail leads that had no room for a table. `file` is a run's id and the number of its table. */
export function ToldFile({ file }: { file: string }) {
  const mayExport = useMay("exports:write");
  const [runId = "", number = ""] = file.split(".");
  const cancel = useMemo(() => new AbortController(), []);
  useEffect(() => () => cancel.abort(), [cancel]);
  const get = useMutation({
    mutationFn: () =>
      download({
        path: `/api/v1/schedules/runs/${encodeURIComponent(runId)}/tables/${encodeURIComponent(number)}`,
        fileName: "costs.csv",
        signal: cancel.signal,
      }),
  });
  if (!mayExport)
    return (
      <Notice tone="info" title="This file takes the permission to export costs">
        An owner of the company can give you exports:write.
      </Notice>
    );
  return (
    <Notice
      tone={get.isError ? "warning" : "info"}
      title={get.isError ? "There is no file" : get.isSuccess ? "The file is in your downloads" : "A table of a mail"}
      action={
        <Button icon={<FileDown size={14} aria-hidden />} disabled={get.isPending} onClick={() => get.mutate()}>
          {get.isPending ? "Getting it…" : "Get the file"}
        </Button>
      }
    >
      {get.isError
        ? get.error.message
        : get.isSuccess
          ? formatBytes(get.data)
          : "It was too large for the mail. The file has all of its rows as they were told, of the costs that you may see."}
    </Notice>
  );
}
