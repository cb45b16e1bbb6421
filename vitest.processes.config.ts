// `pnpm test:processes` and `pnpm test:faults`: several processes of the built server on a PostgreSQL, a Redis, an S3 emulator and ClickHouse's engine.
import { defineConfig } from "vitest/config";
import base, { processTests } from "./vitest.config.ts";

const { projects: _, ...shared } = base.test!;

export default defineConfig({
  test: { ...shared, include: [processTests], exclude: ["**/node_modules/**"], globalSetup: [] },
});
