import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{shared,packages,apps,scripts,tools}/**/*.test.{ts,tsx}"],
    exclude: ["**/node_modules/**", "**/dist/**", "apps/web/e2e/**"],
    // One PostgreSQL per run, started when the first test asks for it.
    globalSetup: ["packages/platform/src/testing/global-setup.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // PostgreSQL is stopped at the end, which on a busy machine takes longer than the usual 10 s.
    teardownTimeout: 30_000,
    coverage: {
      provider: "v8",
      include: ["{shared,packages,apps}/*/src/**/*.{ts,tsx}"],
      exclude: [
        "**/*.test.{ts,tsx}",
        "**/generated/**",
        "**/testing/**",
        "**/fixtures/**",
        // Each only calls what is tested beside it; the crash test and the browser's journeys start them.
        "apps/{cli,server}/src/main.ts",
        "apps/web/src/main.tsx",
      ],
      reporter: ["text-summary", "html", "json-summary"],
      thresholds: { lines: 80, statements: 80, functions: 80, branches: 75 },
    },
  },
});
