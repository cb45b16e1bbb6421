// `pnpm test:worker`: the built Worker in workerd, on a PostgreSQL and ClickHouse's engine; and what is tested by Cloudflare's simulators.
import { defineConfig } from "vitest/config";
import base, { workerTests } from "./vitest.config.ts";

const { projects: _, ...shared } = base.test!;

export default defineConfig({
  test: { ...shared, include: [workerTests], exclude: ["**/node_modules/**"] },
});
