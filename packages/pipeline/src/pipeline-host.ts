import type { EngineRunner } from "./engine/engine-runner.ts";

/** What the pipeline needs of its host beyond the platform's: where stores are, and who does the heavy work. */
export interface PipelineHost {
  engine: EngineRunner;
  /** Folder for work that is under way; swept at start. */
  workDir: string;
  /** The company's folder of period files, made when it is missing. */
  storeDir(tenantId: string): string;
  /** Local paths of the Parquet files below a prefix of the file store. */
  lakePaths(prefix: string): Promise<string[]>;
}
