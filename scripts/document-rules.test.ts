import { expect, it } from "vitest";
import { decisionFaults, featureFaults, linkFaults, machineFaults } from "./document-rules.ts";

it("finds links that lead nowhere, and leaves code and the web alone", () => {
  const text = "[a](../README.md) [b](gone.md#part) [c](https://example.com) [d](#here) `[e](gone.md)`";
  const exists = (path: string) => path === "README.md";
  expect(linkFaults("docs/a.md", text, exists)).toEqual(["docs/a.md: the link to gone.md leads nowhere"]);
});

it("wants every feature once, with a state and a priority", () => {
  const row = (id: string, state: string, priority = "P0") => `| ${id} | title | ${priority} | ${state} | note |\n`;
  const tasks = row("M1.1.1", "done") + row("M1.1.2", "nearly") + row("M1.1.2", "done") + row("M9.9.9", "done", "high");
  expect(featureFaults(tasks, ["M1.1.1", "M1.1.2", "M1.1.3"])).toEqual([
    "TASKS.md: M1.1.3 is missing",
    "TASKS.md: M1.1.2 stands there more than once",
    "TASKS.md: M9.9.9 is no feature id",
    'TASKS.md: M1.1.2 has the state "nearly"; use done, partly, planned',
    'TASKS.md: M9.9.9 has the priority "high"; use P0 to P3',
  ]);
});

it("wants decisions numbered without a gap, with their four parts", () => {
  const whole = "# 1\n\n## Context\n\n## Decision\n\n## Consequences\n\n## Check\n";
  expect(decisionFaults([["docs/decisions/0001-a.md", whole]])).toEqual([]);
  expect(decisionFaults([["docs/decisions/0002-b.md", whole.replace("## Check", "")]])).toEqual([
    "docs/decisions/0002-b.md: decision 0001 is expected here",
    'docs/decisions/0002-b.md: the heading "## Check" is missing',
  ]);
});

it("finds what names a machine or a registry", () => {
  const lock = "packages:\n  left-pad@1.0.0:\n    tarball: somewhere";
  expect(machineFaults("pnpm-lock.yaml", lock)).toEqual(['pnpm-lock.yaml:3: "tarball:" names a machine or a registry']);
  expect(machineFaults("a.ts", `const path = "${["", "home", "ann", "bills"].join("/")}";`)).toHaveLength(1);
  expect(machineFaults("a.ts", 'const words = {\n  resolved: "It is over",\n};')).toEqual([]);
  expect(machineFaults("a.ts", 'const path = "apps/web/src/work/page.tsx";')).toEqual([]);
});
