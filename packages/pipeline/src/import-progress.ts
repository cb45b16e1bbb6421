import type { TaskProgress } from "./engine/engine-tasks.ts";
import type { ImportProgress } from "./import-report.ts";

type Stage = ImportProgress["stage"];

// Measured on CUR files: what each stage takes of an import's time. Publishing comes last, for all deliveries together.
const weights: Record<Exclude<Stage, "publish">, { before: number; share: number }> = {
  detect: { before: 0, share: 0.02 },
  land: { before: 0.02, share: 0.13 },
  normalize: { before: 0.15, share: 0.85 },
};
const publishShare = 0.25;

/** Turns the progress of tasks into that of the whole import, weighing deliveries by their bytes. */
export class ImportProgressMeter {
  readonly #bytes: number;
  readonly #onProgress: ((progress: ImportProgress) => void) | undefined;
  readonly #started = performance.now();
  #bytesDone = 0;
  /** The engine tells its progress statement by statement, and people do not like to see it shrink. */
  #shown = 0;

  constructor(bytes: number, onProgress: ((progress: ImportProgress) => void) | undefined) {
    this.#bytes = Math.max(1, bytes);
    this.#onProgress = onProgress;
  }

  stage(stage: Exclude<Stage, "publish">, label: string, deliveryBytes: number): (progress: TaskProgress) => void {
    const started = performance.now();
    const { before, share } = weights[stage];
    return (progress) => {
      const within = before + share * Math.min(1, progress.share);
      this.#tell(
        stage,
        label,
        ((1 - publishShare) * (this.#bytesDone + deliveryBytes * within)) / this.#bytes,
        progress.rows ?? 0,
        started,
      );
    };
  }

  /** A delivery is normalized and waits to be published. */
  finishDelivery(deliveryBytes: number): void {
    this.#bytesDone += deliveryBytes;
  }

  publishing(): (progress: TaskProgress) => void {
    const started = performance.now();
    return (progress) =>
      this.#tell("publish", "periods", 1 - publishShare + publishShare * progress.share, progress.rows ?? 0, started);
  }

  #tell(stage: Stage, label: string, share: number, rows: number, started: number): void {
    const seconds = (performance.now() - started) / 1000;
    const elapsed = (performance.now() - this.#started) / 1000;
    const whole = Math.max(this.#shown, Math.min(1, share));
    this.#shown = whole;
    this.#onProgress?.({
      stage,
      label,
      share: whole,
      rows,
      rowsPerSecond: seconds > 0.2 ? Math.round(rows / seconds) : 0,
      secondsLeft: whole > 0.02 ? Math.round((elapsed / whole) * (1 - whole)) : null,
    });
  }
}
