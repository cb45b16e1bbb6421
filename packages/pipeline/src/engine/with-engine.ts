import { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import type { TaskTools } from "./engine-tasks.ts";

/** An engine for one task, with DuckDB's own progress passed on, and closed at the end. */
export async function withEngine<T>(tools: TaskTools, work: (engine: DuckDB) => Promise<T>): Promise<T> {
  const engine = await DuckDB.open({ threads: tools.threads, memoryMb: tools.memoryMb, tempDir: tools.tempDir });
  const timer = setInterval(() => {
    const { percentage, rows_processed: rows } = engine.connection.progress;
    if (percentage > 0) tools.report({ share: percentage / 100, rows: Number(rows) });
  }, 250);
  try {
    await engine.run("SET enable_progress_bar = true");
    await engine.run("SET enable_progress_bar_print = false");
    return await work(engine);
  } finally {
    clearInterval(timer);
    engine.close();
  }
}
