import { Button } from "@finops/ui/primitives/button";
import { ProgressBar } from "@finops/ui/primitives/progress-bar";
import { Notice } from "@finops/ui/states/notice";
import { formatBytes, formatCount, formatDuration } from "@finops/ui/text/format-figure";
import { FileUp, FolderUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { ApiProblem } from "../../lib/api.ts";
import { filesOfDrop, filesOfInput, type PickedFile } from "./picked-files.ts";
import { cancelUpload, type UploadRun, useUploadRun } from "./upload-run.ts";
import { useUpload } from "./use-bills.ts";

/** Where bills come in: dropped anywhere on the page, or picked as files or as a folder. */
export function DropZone({ onUploaded }: { onUploaded: (importId: string) => void }) {
  const upload = useUpload();
  const run = useUploadRun((state) => state.run);
  const [isEmpty, setIsEmpty] = useState(false);
  const begin = (files: readonly PickedFile[]) => {
    setIsEmpty(files.length === 0);
    if (files.length > 0 && run === null) upload.mutate(files, { onSuccess: onUploaded });
  };
  const isOver = usePageDrop((transfer) => void filesOfDrop(transfer).then(begin));
  return (
    <section aria-label="Import bills" className="space-y-3">
      {isOver && <DropOverlay />}
      <div className="rounded-lg border border-dashed border-line-strong bg-surface-1 px-4 py-5">
        {run === null ? <Picker onPick={begin} /> : <Uploading run={run} />}
      </div>
      {isEmpty && <Notice tone="warning" title="There is no file in it." />}
      {upload.error !== null && upload.error.name !== "AbortError" && (
        <Notice
          tone="error"
          title="The upload did not go through."
          requestId={upload.error instanceof ApiProblem ? upload.error.requestId : null}
        >
          {upload.error.message} Nothing was imported; pick the same files again to go on where it stopped.
        </Notice>
      )}
    </section>
  );
}

/** Nobody has to aim: the whole page is the target, and says so. */
function DropOverlay() {
  return (
    <div className="pointer-events-none fixed inset-0 z-50 grid place-items-center bg-page/80 p-6 backdrop-blur-sm">
      <p className="grid size-full place-items-center rounded-xl border-2 border-dashed border-accent bg-accent-soft/60 text-center text-lg font-semibold">
        Drop bills or whole folders anywhere
      </p>
    </div>
  );
}

function Picker({ onPick }: { onPick: (files: readonly PickedFile[]) => void }) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    if (input.files !== null && input.files.length > 0) onPick(filesOfInput(input.files));
    // The same file can be picked again.
    input.value = "";
  };
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
      <div className="min-w-0 flex-1 basis-80">
        <p className="font-semibold">Drop bills anywhere on this page</p>
        <p className="mt-0.5 max-w-3xl text-sm text-text-2">
          Exports of AWS, Azure, Google Cloud and Oracle Cloud, FOCUS files and CSV; as csv, gz, parquet or json lines;
          one file or a whole folder. You see what they are before anything is imported.
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
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
    </div>
  );
}

function Uploading({ run }: { run: UploadRun }) {
  const share = run.bytes === 0 ? 0 : run.bytesSent / run.bytes;
  const secondsLeft = run.bytesPerSecond > 0 ? (run.bytes - run.bytesSent) / run.bytesPerSecond : null;
  return (
    <div className="mx-auto max-w-xl text-left">
      <div className="flex items-baseline justify-between gap-4">
        <p className="min-w-0 truncate font-medium" dir="auto">
          Uploading {run.files === 1 ? run.fileName : `${formatCount(run.files)} files: ${run.fileName}`}
        </p>
        <Button kind="quiet" onClick={cancelUpload}>
          Cancel
        </Button>
      </div>
      <ProgressBar label="Upload" share={share} />
      <p className="mt-2 text-xs text-text-2" role="status">
        {run.isBroken
          ? "The connection broke. It goes on by itself, with what is there already."
          : [
              `${Math.round(share * 100)} % of ${formatBytes(run.bytes)}`,
              run.bytesPerSecond > 0 ? `${formatBytes(run.bytesPerSecond)}/s` : null,
              secondsLeft === null ? null : `${formatDuration(Math.max(1, secondsLeft) * 1000)} left`,
            ]
              .filter(Boolean)
              .join(", ")}
      </p>
    </div>
  );
}

function usePageDrop(onDrop: (transfer: DataTransfer) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  const handler = useRef(onDrop);
  useEffect(() => {
    handler.current = onDrop;
  });
  useEffect(() => {
    const isFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;
    const over = (event: DragEvent) => {
      if (!isFiles(event)) return;
      event.preventDefault();
      setIsOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setIsOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!isFiles(event)) return;
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
