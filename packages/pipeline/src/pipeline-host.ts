import type { EngineRunner } from "./engine/engine-runner.ts";
import type { PeriodStore } from "./publish/period-store.ts";

/** What the pipeline needs of its host beyond the platform's: where stores are, and who does the heavy work. */
export interface PipelineHost {
  engine: EngineRunner;
  /** Folder for work that is under way; swept at start. */
  workDir: string;
  /** Where built periods are kept; the host's cost store reads them. */
  periods: PeriodStore;
}
