// `pnpm check:scaffold`: a capability that `pnpm new capability` makes passes every check and its own tests, untouched.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const name = "tiny-things";
const tree = mkdtempSync(join(tmpdir(), "finops-check-scaffold-"));
try {
  copyTree();
  // Checks ask git what the repository holds.
  run("git", ["init", "--quiet"]);
  run("tsx", ["scripts/new.ts", "capability", name]);
  run("prisma", ["generate"], "packages/platform", {
    PRISMA_SCHEMA_ENGINE_BINARY: join(tree, "packages/platform/prisma/schema-engine-stub.sh"),
  });
  run("tsx", ["scripts/check.ts", "types", "lint", "layers", "unused", "format"]);
  run("vitest", ["run", `packages/capabilities/src/${name}`, "packages/platform/src/db"]);
  console.log(`A capability made by \`pnpm new capability ${name}\` passes untouched.`);
} finally {
  rmSync(tree, { recursive: true });
}

/** All that the repository holds, and what is generated; installed packages are lent, links between its own packages kept. */
function copyTree(): void {
  const listed = spawnSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  for (const path of listed.stdout.split("\0").filter((one) => one !== "")) copy(path);
  for (const folder of [
    "",
    ...packagesOf("apps"),
    ...packagesOf("packages"),
    ...packagesOf("shared"),
    ...packagesOf("tools"),
    "apps/web/e2e",
    "scripts/bench",
  ]) {
    const installed = join(folder, "node_modules");
    if (folder === "") symlinkSync(resolve(installed), join(tree, installed));
    else copy(installed);
  }
}

function packagesOf(folder: string): string[] {
  return readdirSync(folder).map((one) => join(folder, one));
}

function copy(path: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  try {
    // Links stay as they are written: from one package of the copy to another.
    cpSync(path, join(tree, path), { recursive: true, verbatimSymlinks: true });
  } catch (error) {
    // Not every folder has packages of its own, and a file may be gone that git still lists.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

function run(program: string, args: string[], folder = "", env: NodeJS.ProcessEnv = {}): void {
  const found = [join(tree, folder, "node_modules/.bin", program), join(tree, "node_modules/.bin", program)];
  const path = `${found.map(dirname).join(":")}:${process.env["PATH"] ?? ""}`;
  const { status } = spawnSync(program, args, {
    cwd: join(tree, folder),
    stdio: "inherit",
    env: { ...process.env, CHECKPOINT_DISABLE: "1", PRISMA_HIDE_UPDATE_MESSAGE: "1", ...env, PATH: path },
  });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} does not hold for a capability as it is made.`);
}
