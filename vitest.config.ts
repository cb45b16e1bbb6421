import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{shared,packages,apps,scripts,tools}/**/*.test.{ts,tsx}"],
    exclude: ["**/node_modules/**", "**/dist/**", "apps/web/e2e/**"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: { provider: "v8", include: ["{shared,packages,apps}/*/src/**/*.{ts,tsx}"], exclude: ["**/*.test.{ts,tsx}", "**/generated/**"] },
  },
});
