// `node scripts/ready.mjs start|test`: installs and builds what is missing or stale, and nothing else.
// Plain JavaScript, since it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { accessSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { hashOf, installHash, isBuilt, sourceHash } from "./freshness.mjs";

const startPackages = ["@finops/server...", "@finops/cli...", "@finops/web..."];
const apps = ["server", "cli", "web"];
const installStamp = "node_modules/.finops-installed.json";
const generateStamp = "node_modules/.finops-generated.json";
const lock = "node_modules/.finops-ready.lock";

/** A sentence for the person at the keyboard; anything else that is thrown is a mistake of ours and shows its stack. */
class NotReady extends Error {}

try {
  await ready(process.argv[2]);
} catch (error) {
  if (!(error instanceof NotReady)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function ready(goal) {
  if (goal !== "start" && goal !== "test") fail("Say what to make ready: start or test.");
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Node ${process.versions.node} is too old. Install Node 20.19 or later (.nvmrc says 20).`);
  }
  if (isReady(goal)) return;
  await takeLock();
  try {
    if (!isInstalled(goal)) install(goal);
    if (!isGenerated()) generate();
    if (goal === "start") for (const app of apps.filter((name) => !isBuilt(name))) build(app);
  } finally {
    rmSync(lock, { force: true });
  }
}

function isReady(goal) {
  return isInstalled(goal) && isGenerated() && (goal === "test" || apps.every((app) => isBuilt(app)));
}

/** What was installed for tests is enough to start. */
function isInstalled(goal) {
  const stamp = readJson(installStamp);
  return stamp?.hash === installHash() && (stamp.goal === "test" || stamp.goal === goal);
}

function install(goal) {
  say(goal === "start" ? "Installing what the server needs…" : "Installing everything…");
  // Build tools are dependencies and test tools are devDependencies, so that --prod leaves out what only tests use.
  const only = goal === "start" ? ["--prod", ...startPackages.flatMap((name) => ["--filter", name])] : [];
  pnpm(["install", "--frozen-lockfile", "--reporter=append-only", ...only]);
  writeFileSync(installStamp, JSON.stringify({ hash: installHash(), goal }));
}

function isGenerated() {
  return existsSync("packages/platform/src/db/generated/client.ts") && readJson(generateStamp)?.hash === schemaHash();
}

function schemaHash() {
  return hashOf(["packages/platform/prisma/schema.prisma", "packages/platform/package.json"]);
}

function generate() {
  say("Generating the database client…");
  pnpm(["--filter", "@finops/platform", "generate"]);
  writeFileSync(generateStamp, JSON.stringify({ hash: schemaHash() }));
}

function build(app) {
  say(`Building apps/${app}…`);
  const hash = sourceHash();
  pnpm(["--filter", `@finops/${app}`, "build"]);
  writeFileSync(`apps/${app}/dist/.built-from`, hash);
}

function pnpm(args) {
  const run = spawnSync("scripts/pnpm.sh", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  if (run.status === 0) return;
  process.stderr.write(`${run.stdout ?? ""}${run.stderr ?? ""}`);
  fail(`pnpm ${args.join(" ")} failed; what it printed stands above.`);
}

/** Two `make start` at once would write the same node_modules: the second waits for the first. */
async function takeLock() {
  try {
    mkdirSync("node_modules", { recursive: true });
    accessSync("node_modules", 2);
  } catch {
    fail(
      "node_modules cannot be written by this user, and something in it is stale. Run `make start` once as its owner.",
    );
  }
  for (let told = false; ; told = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const holder = Number(readText(lock));
    if (holder && !isAlive(holder)) removeStaleLock(holder);
    else {
      if (!told) say(`Another make (process ${holder}) is installing or building; waiting for it.`);
      await sleep(300);
    }
  }
}

// Renamed first: of two waiters only one can take away the dead one's lock.
function removeStaleLock(holder) {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  if (Number(readText(aside)) === holder) rmSync(aside);
  else renameSync(aside, lock);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function readJson(path) {
  const text = readText(path);
  return text ? JSON.parse(text) : null;
}

function readText(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function say(sentence) {
  console.log(sentence);
}

function fail(sentence) {
  throw new NotReady(sentence);
}
