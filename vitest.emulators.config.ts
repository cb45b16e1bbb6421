// `pnpm test:emulators`: the tests that need a program of another language than Node's beside them, such as the S3 emulator.
import { defineConfig } from "vitest/config";
import base, { emulatorTests } from "./vitest.config.ts";

const { projects: _, ...shared } = base.test!;

export default defineConfig({
  test: { ...shared, include: [emulatorTests], exclude: ["**/node_modules/**", "**/dist/**"] },
});
