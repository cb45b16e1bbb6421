import { dirname, join } from "node:path";

/** Links to files of the repository that are not there. */
export function linkFaults(path: string, text: string, exists: (path: string) => boolean): string[] {
  const prose = text.replaceAll(/```[\s\S]*?```/g, "").replaceAll(/`[^`\n]*`/g, "");
  const targets = [...prose.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "");
  return targets
    .filter((target) => !/^(?:https?:|mailto:|#)/.test(target))
    .map((target) => target.split("#")[0] ?? "")
    .filter((target) => !exists(join(dirname(path), decodeURI(target))))
    .map((target) => `${path}: the link to ${target} leads nowhere`);
}

const states = ["done", "partly", "planned"];

/** Holds TASKS.md against the list of feature ids: each stands there once, with a state that means something. */
export function featureFaults(tasks: string, expected: readonly string[]): string[] {
  const rows = [...tasks.matchAll(/^\| *(M\d+\.\d+\.\d+) *\|(.*)\|\s*$/gm)].map((match) => ({
    id: match[1] ?? "",
    cells: (match[2] ?? "").split("|").map((cell) => cell.trim()),
  }));
  const ids = rows.map((row) => row.id);
  return [
    ...expected.filter((id) => !ids.includes(id)).map((id) => `TASKS.md: ${id} is missing`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `TASKS.md: ${id} stands there more than once`),
    ...ids.filter((id) => !expected.includes(id)).map((id) => `TASKS.md: ${id} is no feature id`),
    ...rows
      .filter((row) => !states.includes(row.cells[2] ?? ""))
      .map((row) => `TASKS.md: ${row.id} has the state "${row.cells[2] ?? ""}"; use ${states.join(", ")}`),
    ...rows
      .filter((row) => !/^P[0-3]$/.test(row.cells[1] ?? ""))
      .map((row) => `TASKS.md: ${row.id} has the priority "${row.cells[1] ?? ""}"; use P0 to P3`),
  ];
}

/** Decisions are numbered without a gap and say what they must. */
export function decisionFaults(decisions: readonly (readonly [path: string, text: string])[]): string[] {
  const sorted = decisions.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.flatMap(([path, text], index) => {
    const number = String(index + 1).padStart(4, "0");
    const missing = ["Context", "Decision", "Consequences", "Check"].filter((part) => !text.includes(`\n## ${part}\n`));
    return [
      ...(path.startsWith(`docs/decisions/${number}-`) ? [] : [`${path}: decision ${number} is expected here`]),
      ...missing.map((part) => `${path}: the heading "## ${part}" is missing`),
    ];
  });
}

// Written in parts, so that this file does not name what it looks for.
const registryHosts = ["registry\\.npmjs", "registry\\.yarnpkg", "npmmirror", "jfrog", "artifactory", "nexus\\."].join(
  "|",
);
const machinePaths = "(?<![\\w./-])/(?:work|root|home/[a-z]+|Users/[A-Za-z]+)/[\\w.-]+";
const namesMachine = new RegExp(`(?:${registryHosts})|${machinePaths}|^\\s*(?:tarball|resolved):(?! ["{])`, "m");

/** Paths of one person's machine, and hosts that a package once came from. */
export function machineFaults(path: string, text: string): string[] {
  if (path.startsWith("scripts/document-rules")) return [];
  const found = text.match(namesMachine);
  if (!found) return [];
  const line = text.slice(0, found.index).split("\n").length;
  return [`${path}:${line}: "${found[0].trim()}" names a machine or a registry`];
}
