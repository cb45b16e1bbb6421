// Whether what was installed and built still fits what stands in the tree.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const roots = ["shared", "packages", "apps", "tools/bundle"];
const notSources = new Set(["node_modules", "dist", "generated", "e2e", "testing", "test-results", ".wrangler"]);

/** Everything that an install reads. */
export function installHash() {
  const manifests = roots.flatMap((root) => listFiles(root, (name) => name === "package.json"));
  return hashOf(["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifests]);
}

/** Everything that a build of the apps reads. */
export function sourceHash() {
  const sources = roots.flatMap((root) => listFiles(root, (name) => !/\.test\.tsx?$|\.md$/.test(name)));
  return hashOf(["pnpm-lock.yaml", ...sources]);
}

export function isBuilt(app, hash = sourceHash()) {
  const stamp = `apps/${app}/dist/.built-from`;
  return existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
}

export function hashOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths.toSorted()) hash.update(`${path}\0`).update(existsSync(path) ? readFileSync(path) : "");
  return hash.digest("hex");
}

function listFiles(folder, accepts) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return notSources.has(entry.name) ? [] : listFiles(join(folder, entry.name), accepts);
    return accepts(entry.name) ? [join(folder, entry.name)] : [];
  });
}
