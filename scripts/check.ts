// `pnpm check [NAME…]`: everything that can be said about the code without running it. `pnpm check lint types` runs these two.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { checks } from "./checks.ts";

interface Outcome {
  name: string;
  ok: boolean;
  seconds: number;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !checks.some((check) => check.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no check "${unknown.join(", ")}". There are: ${checks.map((check) => check.name).join(", ")}.`,
  );
  process.exit(2);
}

const started = performance.now();
const waiting = checks.filter((check) => wanted.length === 0 || wanted.includes(check.name));
const outcomes: Outcome[] = [];
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));

const failed = outcomes.filter((outcome) => !outcome.ok);
console.log(`${outcomes.length - failed.length} of ${outcomes.length} checks hold, ${secondsSince(started)} s`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function work(): Promise<void> {
  for (let check = waiting.shift(); check; check = waiting.shift()) {
    const since = performance.now();
    const { ok, output } = await run(check.commands);
    const outcome = { name: check.name, ok, seconds: secondsSince(since) };
    outcomes.push(outcome);
    if (!ok) console.log(output.trimEnd());
    console.log(`${ok ? "ok  " : "FAIL"} ${check.name.padEnd(8)} ${outcome.seconds} s`);
  }
}

/** Runs the commands one after the other, also when one fails, so that everything is said at once. */
async function run(commands: readonly string[]): Promise<{ ok: boolean; output: string }> {
  const results: { ok: boolean; output: string }[] = [];
  for (const command of commands) results.push(await runOne(command));
  return { ok: results.every((result) => result.ok), output: results.map((result) => result.output).join("") };
}

function runOne(command: string): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve, reject) => {
    const path = `${process.cwd()}/node_modules/.bin:${process.env["PATH"] ?? ""}`;
    const child = spawn(command, { shell: true, env: { ...process.env, PATH: path } });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString() }));
  });
}

function secondsSince(start: number): number {
  return Math.round((performance.now() - start) / 100) / 10;
}
