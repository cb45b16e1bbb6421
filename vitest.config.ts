import { appendFileSync, existsSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** They start processes of the built server: see vitest.processes.config.ts. */
export const processTests = "apps/server/src/**/*.{processes,faults}.test.ts";
/** Their emulators are no npm packages: see vitest.emulators.config.ts. */
export const emulatorTests = "{packages,apps}/**/*.emulator.test.ts";

/** They start workerd: see vitest.worker.config.ts. */
export const workerTests = "{packages,apps}/**/*.worker.test.ts";

/** Tests of what a browser draws: each file has a document, and modules, of its own. */
const pageTests = "{apps/web,packages/ui}/**/*.test.{ts,tsx}";
const exclude = ["**/node_modules/**", "**/dist/**", "apps/web/e2e/**", emulatorTests, processTests, workerTests];

/** What takes longest begins first, so that at the end no core waits for one file. */
class LongestFirst extends BaseSequencer {
  static readonly longest = [
    "isolation/routes",
    "server/src/start",
    "generated-company",
    "finops-local",
    "publish/period-stores",
    "generate-bills",
    "isolation/many-companies",
    "hostile-text",
    "run-query",
  ];

  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = LongestFirst.longest.findIndex((name) => moduleId.includes(`${name}.test.`));
      return at === -1 ? LongestFirst.longest.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

/** What goes wrong outside of any test makes a run fail in which every test passed; .ci/run tells it at its end. */
function keepUnhandled({ stack, message }: { stack?: string; message: string }): void {
  if (existsSync("reports")) appendFileSync("reports/unhandled.txt", `${stack ?? message}\n\n`);
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: "pages", include: [pageTests], exclude } },
      {
        extends: true,
        test: {
          name: "parts",
          include: ["{shared,packages,apps,scripts,tools}/**/*.test.{ts,tsx}"],
          exclude: [...exclude, pageTests],
          // Files of a worker share its modules: loading them anew for each took two fifths of the time.
          isolate: false,
        },
      },
    ],
    // One PostgreSQL per run, started when the first test asks for it.
    globalSetup: ["packages/platform/src/testing/global-setup.ts"],
    // By default Vitest leaves a core for who watches it.
    maxWorkers: "100%",
    // Bounds, not waits: two cores may be busy with something else.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
    // PostgreSQL is stopped at the end, which on a busy machine takes longer than the usual 10 s.
    teardownTimeout: 30_000,
    onUnhandledError: keepUnhandled,
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
        // Components of pages: a browser draws them, and its journeys (apps/web/e2e) go through them where this cannot look.
        // Of them alone, tests without a browser reach 43 % of the lines; taking the browser's coverage in is next.
        "apps/web/src/**/*.tsx",
      ],
      reporter: process.env["CI"] ? ["text-summary"] : ["text-summary", "html"],
      thresholds: { lines: 80, statements: 80, functions: 80, branches: 80 },
    },
  },
});
