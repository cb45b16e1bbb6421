import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import root from "../../vitest.config.ts";

// A part is held by the tests beside it. With those of all that is built on it, one change took a minute, and a mapping
// would count as tested because some import far away went red.
const tests = {
  kernel: ["shared/kernel/**"],
  mappings: ["packages/connectors/**"],
  splits: ["shared/kernel/**", "packages/capabilities/src/allocation/**"],
};
const part = process.env["MUTATION_PART"] as keyof typeof tests | undefined;
const chosen = part === undefined ? [...new Set(Object.values(tests).flat())] : tests[part];

export default defineConfig({
  test: {
    ...root.test,
    globalSetup: [fileURLToPath(new URL("../../packages/platform/src/testing/global-setup.ts", import.meta.url))],
    include: chosen.map((folder) => `${folder}/*.test.ts`),
  },
});
