// `pnpm test:crash [--kills N] [--rows N] [--seed N]`: kills a real import with SIGKILL at random moments and looks whether
// the store held: the old month or the new one, never a mixture, nothing left running, nothing left lying about.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "30" },
    rows: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
  },
});
const kills = Number(values.kills);
const rows = Number(values.rows);
const nextRandom = randomFrom(Number(values.seed));
const tenant = "crash";
const folder = await mkdtemp(join(tmpdir(), "finops-crash-"));
const store = join(folder, "store");
const failures: string[] = [];

try {
  // PostgreSQL does not run as root, so its own user must be able to walk into the folder.
  await chmod(folder, 0o755);
  await testCrashes();
} finally {
  await rm(folder, { recursive: true, force: true });
}
for (const failure of failures) console.error(failure);
console.log(`${kills} kills, ${failures.length} failures`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function testCrashes(): Promise<void> {
  // The same month twice, the second time restated: every row costs a cent more.
  const bills = [await writeBill("first.csv", "1.00"), await writeBill("restated.csv", "1.01")] as const;
  const totals = [`${rows}`, `${rows + rows / 100}`];
  // The first import also makes the database, so the second one tells how long the killed ones would take.
  await importWhole(bills[0]);
  const started = performance.now();
  await importWhole(bills[1]);
  const importMs = performance.now() - started;
  let current = 1;

  for (let kill = 1; kill <= kills; kill++) {
    const next = 1 - current;
    const importing = importBill(bills[next]!);
    const delayMs = Math.round(nextRandom() * importMs);
    await Promise.race([sleep(delayMs), importing.ended]);
    importing.child.kill("SIGKILL");
    const { stdout } = await importing.ended;
    const reported = stdout.includes('"rowsPublished"');
    const leftRunning = await waitUntilNothingRuns();
    const where = `kill ${kill}, ${delayMs} ms after the start`;
    if (leftRunning !== "") failures.push(`${where}: still running after 15 s: ${leftRunning}`);

    const total = await queryTotal();
    const found = totals.indexOf(total);
    if (found < 0) failures.push(`${where}: the month adds up to ${total}, neither ${totals.join(" nor ")}`);
    if (reported && found !== next) failures.push(`${where}: the import reported success and its month is not there`);
    if (found >= 0) current = found;
    console.log(`${where}: ${found === next ? "the new month" : "the old month"} is there`);
  }

  const last = await importBill(bills[1 - current]!).ended;
  if (last.code !== 0) failures.push(`After all kills the bill can no longer be imported: ${last.stderr}`);
  const total = await queryTotal();
  if (total !== totals[1 - current])
    failures.push(`After all kills the month adds up to ${total}, not ${totals[1 - current]}`);
  const leftovers = (await readdir(store, { recursive: true })).filter((path) => /\.(tmp|partial)$/.test(path));
  if (leftovers.length > 0) failures.push(`Left lying about: ${leftovers.slice(0, 5).join(", ")}`);
}

async function importWhole(path: string): Promise<void> {
  const { code, stderr } = await importBill(path).ended;
  if (code !== 0) throw new Error(`The bill could not be imported at all: ${stderr}`);
}

async function writeBill(name: string, cost: string): Promise<string> {
  const path = join(folder, name);
  const file = createWriteStream(path);
  const columns = {
    BilledCost: cost,
    EffectiveCost: cost,
    ListCost: cost,
    ContractedCost: cost,
    BillingCurrency: "USD",
    BillingAccountId: "111111111111",
    BillingAccountName: "Crash test",
    BillingPeriodStart: "2026-01-01T00:00:00Z",
    BillingPeriodEnd: "2026-02-01T00:00:00Z",
    ChargeCategory: "Usage",
    ChargeClass: "",
    ChargeDescription: "An hour of a machine",
    ChargeFrequency: "Usage-Based",
    ProviderName: "AWS",
    PublisherName: "AWS",
    InvoiceIssuerName: "AWS",
    ServiceName: "Amazon Elastic Compute Cloud",
    ServiceCategory: "Compute",
    SubAccountId: "222222222222",
  };
  file.write(`${Object.keys(columns).join(",")},ResourceId,ChargePeriodStart,ChargePeriodEnd\n`);
  const same = Object.values(columns).join(",");
  for (let row = 0; row < rows; row++) {
    const day = String(1 + (row % 30)).padStart(2, "0");
    const nextDay = String(2 + (row % 30)).padStart(2, "0");
    const line = `${same},i-${row},2026-01-${day}T00:00:00Z,2026-01-${nextDay}T00:00:00Z\n`;
    if (!file.write(line)) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
  return path;
}

function importBill(path: string): { child: ChildProcess; ended: Promise<Run> } {
  return finops(["import", path, "--tenant", tenant, "--create-tenant", "--json"]);
}

/** What the store says the month costs: it must answer after whatever happened before. */
async function queryTotal(): Promise<string> {
  const period = ["--from", "2026-01-01", "--to", "2026-02-01"];
  const query = ["query", "--tenant", tenant, "--measures", "billedCost", "--by", "serviceName", ...period];
  const { code, stdout, stderr } = await finops([...query, "--format", "json"]).ended;
  if (code !== 0) return `nothing, since the query ended with ${code}: ${stderr.trim().slice(-500)}`;
  const answer = JSON.parse(stdout) as { rows: { billedCost: string }[] };
  return answer.rows.map((row) => row.billedCost.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "")).join(" and ");
}

function finops(args: string[]): { child: ChildProcess; ended: Promise<Run> } {
  const child = spawn(process.execPath, ["scripts/finops.mjs", ...args], {
    env: { ...process.env, FINOPS_DATA: store },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { child, ended };
}

/** Whatever the killed process started names the data folder in its command line; all of it must stop by itself. */
async function waitUntilNothingRuns(): Promise<string> {
  let running = "";
  for (let attempt = 0; attempt < 150; attempt++) {
    running = execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" })
      .split("\n")
      .filter((line) => line.includes(store))
      .join("; ");
    if (running === "") return "";
    await sleep(100);
  }
  return running;
}

/** mulberry32: the same kills for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
