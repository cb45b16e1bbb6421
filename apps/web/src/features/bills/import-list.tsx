import type { ImportJob } from "@finops/capabilities/sources/contract";
import { Button } from "@finops/ui/primitives/button";
import { ProgressBar } from "@finops/ui/primitives/progress-bar";
import { Notice } from "@finops/ui/states/notice";
import { formatAgo, formatInstant } from "@finops/ui/text/format-day";
import { formatBytes, formatCount, formatDuration } from "@finops/ui/text/format-figure";
import { joinClasses } from "@finops/ui/text/join-classes";
import { CircleAlert, CircleCheck, CircleDashed, CircleSlash, LoaderCircle } from "lucide-react";
import { serverClock } from "../../lib/server-clock.ts";
import { ImportReportView } from "./import-report-view.tsx";
import { useUploadRun } from "./upload-run.ts";
import { isActive, useCancelImport } from "./use-bills.ts";

interface ImportListProps {
  jobs: readonly ImportJob[];
  /** The import whose report is unfolded; the newest one where nobody chose. */
  open: string | undefined;
  onOpen: (id: string) => void;
  /** Goes on with an upload that is not started; null where the person may not. */
  onContinue: ((id: string) => void) | null;
  /** The upload that stands above this list already. */
  reviewing: string | undefined;
}

/** The latest imports, newest first, each with what it did. */
export function ImportList({ jobs: all, open, onOpen, onContinue, reviewing }: ImportListProps) {
  const jobs = all.filter((job) => job.id !== reviewing);
  const unfolded = open ?? jobs.find((job) => job.state !== "open")?.id;
  return (
    <ul className="divide-y divide-line">
      {jobs.map((job) => (
        <li key={job.id} className="px-4 py-3">
          <ImportHead
            job={job}
            isOpen={job.id === unfolded}
            onOpen={() => onOpen(job.id === unfolded ? "none" : job.id)}
          />
          {job.state === "open" && <OpenUpload job={job} onContinue={onContinue} />}
          {isActive(job) && <ImportProgressLine job={job} />}
          {job.error !== null && job.state === "failed" && (
            <div className="mt-3">
              <Notice
                tone="error"
                title="Nothing was imported; what was published before is untouched."
                requestId={job.id}
              >
                {job.error.message}
              </Notice>
            </div>
          )}
          {job.id === unfolded &&
            job.reports.map((report) => (
              <ImportReportView key={`${report.source} ${report.periods.join()} ${report.files}`} report={report} />
            ))}
        </li>
      ))}
    </ul>
  );
}

const states: Record<ImportJob["state"], { label: string; icon: typeof CircleCheck; tone: string }> = {
  open: { label: "Not started", icon: CircleDashed, tone: "text-text-2" },
  queued: { label: "Waiting", icon: LoaderCircle, tone: "text-text-2" },
  running: { label: "Running", icon: LoaderCircle, tone: "text-accent" },
  done: { label: "Done", icon: CircleCheck, tone: "text-positive" },
  failed: { label: "Failed", icon: CircleAlert, tone: "text-negative" },
  cancelled: { label: "Cancelled", icon: CircleSlash, tone: "text-text-2" },
};

function ImportHead({ job, isOpen, onOpen }: { job: ImportJob; isOpen: boolean; onOpen: () => void }) {
  const state = states[job.state];
  const bytes = job.files.reduce((total, file) => total + file.bytes, 0);
  const cancel = useCancelImport();
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className={joinClasses("flex items-center gap-1.5 text-sm font-medium", state.tone)}>
        <state.icon size={16} aria-hidden className={job.state === "running" ? "motion-safe:animate-spin" : ""} />
        {state.label}
      </span>
      <span
        className="min-w-0 flex-1 basis-40 truncate text-sm"
        dir="auto"
        title={job.files.map((file) => file.name).join("\n")}
      >
        {nameOf(job)} <span className="text-text-2">{formatBytes(bytes)}</span>
      </span>
      <span className="text-xs text-text-2" title={formatInstant(job.createdAt)}>
        {formatAgo(job.createdAt, serverClock.now())}
      </span>
      {isActive(job) && (
        <Button kind="danger" disabled={cancel.isPending} onClick={() => cancel.mutate(job.id)}>
          Cancel
        </Button>
      )}
      {job.reports.length > 0 && (
        <Button kind="quiet" aria-expanded={isOpen} onClick={onOpen}>
          {isOpen ? "Hide the report" : "Show the report"}
        </Button>
      )}
    </div>
  );
}

/** An upload that was left before its import began. What is there of it is kept for a week. */
function OpenUpload({ job, onContinue }: { job: ImportJob; onContinue: ImportListProps["onContinue"] }) {
  const cancel = useCancelImport();
  const isSending = useUploadRun(({ run }) => run !== null);
  if (onContinue === null || isSending) return null;
  return (
    <div className="mt-2 flex flex-wrap items-center gap-2 text-sm">
      <p className="mr-auto min-w-0 basis-60 text-text-2">
        Uploaded, but not imported. If files are missing, pick the same ones again to send the rest.
      </p>
      {job.files.length > 0 && <Button onClick={() => onContinue(job.id)}>Look at it and import</Button>}
      <Button kind="danger" disabled={cancel.isPending} onClick={() => cancel.mutate(job.id)}>
        Discard
      </Button>
    </div>
  );
}

function ImportProgressLine({ job }: { job: ImportJob }) {
  const { progress } = job;
  return (
    <div className="mt-2">
      <ProgressBar label="Import" share={progress?.share ?? null} />
      <p className="mt-1.5 text-xs text-text-2" role="status">
        {progress === null
          ? "Waiting for its turn"
          : [
              `${Math.round(progress.share * 100)} %`,
              progress.label,
              progress.rows > 0 ? `${formatCount(progress.rows)} rows` : null,
              progress.rowsPerSecond > 0 ? `${formatCount(progress.rowsPerSecond)} rows/s` : null,
              progress.secondsLeft === null ? null : `${formatDuration(Math.max(1, progress.secondsLeft) * 1000)} left`,
            ]
              .filter(Boolean)
              .join(" · ")}
      </p>
    </div>
  );
}

function nameOf(job: ImportJob): string {
  const [first] = job.files;
  if (first === undefined) return "No file";
  return job.files.length === 1 ? first.name : `${first.name} and ${formatCount(job.files.length - 1)} more`;
}
