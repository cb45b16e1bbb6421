// `pnpm test:crash [--kills N] [--rows N] [--seed N]`: kills a real import with SIGKILL at random moments and looks whether
// the store held: the old month or the new one, never a mixture, nothing left running, nothing left lying about.
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Victim, startImport } from "./import-process.ts";
import { inspectStore } from "./inspect-store.ts";
import { randomFrom } from "./random.ts";
import { writeBill } from "./write-bill.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "30" },
    rows: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
  },
});
const kills = Number(values.kills);
const rows = Number(values.rows);
const random = randomFrom(Number(values.seed));
const folder = await mkdtemp(join(tmpdir(), "finops-crash-"));
const store = join(folder, "store");
let passed = 0;
let failed = 0;

try {
  // PostgreSQL does not run as root, so its own user must be able to walk into the folder.
  await chmod(folder, 0o755);
  await testCrashes();
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function testCrashes(): Promise<void> {
  // The same month twice, the second time restated: every import replaces what is there.
  const bills = [
    await writeBill(join(folder, "first.csv"), rows, "1"),
    await writeBill(join(folder, "restated.csv"), rows, "1.01"),
  ] as const;
  await importWhole(bills[0].path);
  // The first import made the cluster; the second one takes the time that the others will.
  const started = performance.now();
  await importWhole(bills[1].path);
  const importMs = performance.now() - started;
  console.log(`${rows} rows; an import takes ${(importMs / 1000).toFixed(1)} s`);
  let current = 1;

  for (let kill = 1; kill <= kills; kill++) {
    const next = 1 - current;
    const victim = chooseVictim(random());
    const importing = startImport(store, bills[next]!.path);
    const delayMs = Math.round(random() * importMs);
    await Promise.race([sleep(delayMs), importing.ended]);
    importing.kill(victim);
    const { stdout } = await importing.ended;
    const problems = await importing.leftRunning();

    const found = await inspectStore(
      store,
      bills.map((bill) => bill.total),
    );
    problems.push(...found.problems);
    if (stdout.includes('"rowsPublished"') && found.bill !== next)
      problems.push("the import reported success and its month is not there");
    if (found.bill !== null) current = found.bill;
    if (problems.length === 0) passed += 1;
    else failed += 1;
    console.log(
      `${String(kill).padStart(3)}  ${victim} killed after ${(delayMs / 1000).toFixed(1)} s: ${problems.length > 0 ? `FAILED: ${problems.join("; ")}` : found.bill === next ? "the new month is there" : "the old month is there"}`,
    );
  }

  const last = await startImport(store, bills[1 - current]!.path).ended;
  const end = await inspectStore(
    store,
    bills.map((bill) => bill.total),
  );
  if (last.code === 0 && end.bill === 1 - current && end.problems.length === 0) {
    passed += 1;
    return;
  }
  failed += 1;
  console.log(`After all kills an import fails: ${end.problems.join("; ")} ${last.stderr}`);
}

async function importWhole(bill: string): Promise<void> {
  const { code, stderr } = await startImport(store, bill).ended;
  if (code !== 0) throw new Error(`The bill could not be imported at all: ${stderr}`);
}

/** Mostly the import itself dies; at times only its engine, its PostgreSQL, or it and its whole process group. */
function chooseVictim(at: number): Victim {
  return at < 0.6 ? "import" : at < 0.75 ? "group" : at < 0.9 ? "engine" : "postgres";
}
