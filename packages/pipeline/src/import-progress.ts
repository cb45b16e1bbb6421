import type { TaskProgress } from "./engine/engine-tasks.ts";
import type { ImportProgress } from "./import-report.ts";

type Stage = ImportProgress["stage"];

// Measured on CUR files: what each stage takes of an import's time.
const weights: Record<Stage, { before: number; share: number }> = {
  detect: { before: 0, share: 0.01 },
  land: { before: 0.01, share: 0.09 },
  normalize: { before: 0.1, share: 0.65 },
  publish: { before: 0.75, share: 0.25 },
};

/** Turns the progress of tasks into that of the whole import, weighing deliveries by their bytes. */
export class ImportProgressMeter {
  readonly #bytes: number;
  readonly #onProgress: ((progress: ImportProgress) => void) | undefined;
  readonly #started = performance.now();
  #bytesDone = 0;

  constructor(bytes: number, onProgress: ((progress: ImportProgress) => void) | undefined) {
    this.#bytes = Math.max(1, bytes);
    this.#onProgress = onProgress;
  }

  stage(stage: Stage, label: string, deliveryBytes: number): (progress: TaskProgress) => void {
    const started = performance.now();
    const { before, share } = weights[stage];
    const bytesBefore = this.#bytesDone;
    return (progress) => {
      const within = before + share * Math.min(1, progress.share);
      if (stage === "publish" && progress.share >= 1) this.#bytesDone = bytesBefore + deliveryBytes;
      const whole = Math.min(1, (bytesBefore + deliveryBytes * within) / this.#bytes);
      const seconds = (performance.now() - started) / 1000;
      const elapsed = (performance.now() - this.#started) / 1000;
      const rows = progress.rows ?? 0;
      this.#onProgress?.({
        stage,
        label,
        share: whole,
        rows,
        rowsPerSecond: seconds > 0.2 ? Math.round(rows / seconds) : 0,
        secondsLeft: whole > 0.02 ? Math.round((elapsed / whole) * (1 - whole)) : null,
      });
    };
  }
}
