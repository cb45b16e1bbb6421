// Run from the root: `pnpm mutation [kernel|mappings|splits]`. Changes the code in small ways, one at a time, and counts how
// many of the changes a test notices.
import { fileURLToPath } from "node:url";

const parts = {
  kernel: ["shared/kernel/src/**/*.ts"],
  mappings: ["packages/connectors/src/*/formats/**/*.ts"],
  splits: ["shared/kernel/src/split.ts", "packages/capabilities/src/allocation/**/*.ts"],
};
const chosen = process.env.MUTATION_PART ? [process.env.MUTATION_PART] : Object.keys(parts);

export default {
  mutate: [...chosen.flatMap((part) => parts[part]), "!**/*.test.ts", "!**/fixtures/**"],
  testRunner: "vitest",
  plugins: [fileURLToPath(import.meta.resolve("@stryker-mutator/vitest-runner"))],
  vitest: { configFile: "tools/mutation/vitest.config.ts", related: true },
  // Names no file on purpose: Stryker would rewrite it with a compiler API that TypeScript 7 does not have.
  tsconfigFile: "none",
  ignorePatterns: ["data", "dist", "coverage", "reports", "apps/web/e2e"],
  tempDirName: ".stryker-tmp",
  concurrency: 2,
  timeoutMS: 20_000,
  reporters: ["clear-text", "progress"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 90, low: 80, break: 75 },
};
