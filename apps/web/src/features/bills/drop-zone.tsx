import type { ImportOptions } from "@finops/capabilities/sources/contract";
import { Button } from "@finops/ui/primitives/button";
import { ProgressBar } from "@finops/ui/primitives/progress-bar";
import { Notice } from "@finops/ui/states/notice";
import { formatBytes, formatDuration } from "@finops/ui/text/format-figure";
import { joinClasses } from "@finops/ui/text/join-classes";
import { FileUp, FolderUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { ApiProblem } from "../../lib/api.ts";
import { ImportOptionsForm } from "./import-options-form.tsx";
import { filesOfDrop, filesOfInput, type PickedFile } from "./picked-files.ts";
import { cancelUpload, type UploadRun, useUploadRun } from "./upload-run.ts";
import { useStartImport } from "./use-bills.ts";

/** Where bills come in: dropped anywhere on the page, or picked as files or as a folder. */
export function DropZone() {
  const [options, setOptions] = useState<ImportOptions>({ assume: {} });
  const start = useStartImport();
  const run = useUploadRun();
  const begin = (files: readonly PickedFile[]) => {
    if (files.length > 0 && run === null) start.mutate({ files, options });
  };
  const isOver = usePageDrop((transfer) => void filesOfDrop(transfer).then(begin));
  return (
    <section aria-label="Import bills" className="space-y-3">
      <div
        className={joinClasses(
          "rounded-lg border border-dashed px-4 py-6 text-center transition-colors duration-[120ms]",
          isOver ? "border-accent bg-accent-soft" : "border-line-strong bg-surface-1",
        )}
      >
        {run === null ? <Picker onPick={begin} /> : <Uploading run={run} />}
      </div>
      {start.error !== null && start.error.name !== "AbortError" && (
        <Notice
          tone="error"
          title="The upload did not go through."
          requestId={start.error instanceof ApiProblem ? start.error.requestId : null}
        >
          {start.error.message} Nothing was imported.
        </Notice>
      )}
      <ImportOptionsForm onChange={setOptions} />
    </section>
  );
}

function Picker({ onPick }: { onPick: (files: readonly PickedFile[]) => void }) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    if (input.files !== null) onPick(filesOfInput(input.files));
    // The same file can be picked again.
    input.value = "";
  };
  return (
    <>
      <p className="text-lg font-semibold">Drop bills here</p>
      <p className="mx-auto mt-1 max-w-xl text-sm text-text-2">
        Exports of AWS, Azure, Google Cloud and Oracle Cloud, FOCUS files and CSV; as csv, gz, parquet or json lines;
        one file or a whole folder. What they are is found out by their headers.
      </p>
      <div className="mt-4 flex flex-wrap justify-center gap-2">
        <Button kind="primary" icon={<FileUp size={16} aria-hidden />} onClick={() => files.current?.click()}>
          Choose files
        </Button>
        <Button icon={<FolderUp size={16} aria-hidden />} onClick={() => folder.current?.click()}>
          Choose a folder
        </Button>
      </div>
      <input ref={files} type="file" multiple hidden aria-label="Bill files" onChange={(event) => take(event.target)} />
      <input
        ref={folder}
        type="file"
        hidden
        aria-label="Bill folder"
        {...{ webkitdirectory: "" }}
        onChange={(event) => take(event.target)}
      />
    </>
  );
}

function Uploading({ run }: { run: UploadRun }) {
  const share = run.bytes === 0 ? 0 : run.bytesSent / run.bytes;
  const secondsLeft = run.bytesPerSecond > 0 ? (run.bytes - run.bytesSent) / run.bytesPerSecond : null;
  return (
    <div className="mx-auto max-w-xl text-left">
      <div className="flex items-baseline justify-between gap-4">
        <p className="min-w-0 truncate font-medium">
          Uploading {run.files === 1 ? run.fileName : `${run.files} files: ${run.fileName}`}
        </p>
        <Button kind="quiet" onClick={cancelUpload}>
          Cancel
        </Button>
      </div>
      <ProgressBar label="Upload" share={share} />
      <p className="mt-2 text-xs text-text-2">
        {Math.round(share * 100)} % of {formatBytes(run.bytes)}
        {run.bytesPerSecond > 0 && `, ${formatBytes(run.bytesPerSecond)}/s`}
        {secondsLeft !== null && `, ${formatDuration(secondsLeft * 1000)} left`}
      </p>
    </div>
  );
}

/** The whole page is the target: nobody has to aim. */
function usePageDrop(onDrop: (transfer: DataTransfer) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  const handler = useRef(onDrop);
  useEffect(() => {
    handler.current = onDrop;
  });
  useEffect(() => {
    const over = (event: DragEvent) => {
      event.preventDefault();
      setIsOver(event.dataTransfer?.types.includes("Files") === true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setIsOver(false);
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setIsOver(false);
      if (event.dataTransfer !== null) handler.current(event.dataTransfer);
    };
    addEventListener("dragover", over);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, []);
  return isOver;
}
