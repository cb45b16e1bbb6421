// `pnpm test:explain`: how PostgreSQL would answer every route's statements among the rows of 5,000 companies; about a minute.
import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

const { projects: _, ...shared } = base.test!;

export default defineConfig({ test: { ...shared, include: ["packages/**/*.explain.ts"] } });
