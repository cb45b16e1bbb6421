import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { known } from "./src/features/approvals/kind-words.ts";
import { knownActions } from "./src/features/audit/action-words.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

const sources = readdirSync(join(root, "packages")).flatMap((name) => readSources(join(root, "packages", name, "src")));

/** The actions that the program writes into the audit, as its sources name them. */
function listActions(): string[] {
  const actions = sources
    .filter((source) => /\/(audit|refusals)\.ts"|\/audit\/(audit|refusals)"/.test(source))
    // The keys of kinds of change have the same form, and stand in requests only.
    .flatMap((source) =>
      [...source.matchAll(/(?<!key: )"([a-z-]+\.[a-z]+([_-][a-z]+)*)"/g)].map(([, action]) => action),
    );
  const [, kinds = ""] = /SecurityEventKind = ([^;]+);/.exec(sources.join("\n"))!;
  const security = [...kinds.matchAll(/"([^"]+)"/g)].map(([, kind]) => `security.${kind}`);
  return [...new Set([...actions, ...security])].filter((action) => !alike.has(action));
}

/** What only looks like one: an attribute of SCIM, a figure for operators. */
const alike: ReadonlySet<string> = new Set(["name.formatted", "finops.cost_answers"]);

function readSources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !/\.test\.ts$|(^|\/)(testing|generated)\//.test(path))
    .map((path) => readFileSync(join(folder, path), "utf8"));
}

it("has words for everything that is written into the audit", () => {
  const actions = listActions();
  expect(actions.length).toBeGreaterThan(60);
  expect(actions.filter((action) => !knownActions.includes(action))).toEqual([]);
});

it("has words for every kind of change that can need an approval, and for every policy", () => {
  const find = (pattern: RegExp) => [
    ...new Set(sources.flatMap((source) => [...source.matchAll(pattern)].map(([, key]) => key))),
  ];
  expect(new Set(find(/key: "([a-z-]+\.[a-z-]+)"/g))).toEqual(new Set(known.kinds));
  const policies = find(/key: (?:"([a-z-]+)"|policiesPolicy),\s*about: "/g).map((key) => key ?? "approval-policies");
  expect(new Set(policies)).toEqual(new Set(known.policies));
});
