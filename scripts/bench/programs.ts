import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isBuilt } from "../freshness.mjs";

export const repository = fileURLToPath(new URL("../..", import.meta.url));

/** A program of the server: the production bundle where it is fresh, else the source. */
export function serverProgram(bundle: "main" | "engine-process"): string {
  const source = bundle === "main" ? "apps/server/src/main.ts" : "packages/pipeline/src/engine/engine-process.ts";
  return join(repository, isBuilt("server") ? `apps/server/dist/${bundle}.js` : source);
}

/** What Node needs to run that file. */
export function nodeArguments(program: string): string[] {
  return program.endsWith(".ts") ? ["--import", import.meta.resolve("tsx"), program] : [program];
}

/**
 * Runs a program of this folder in a process of its own, so that its memory and threads are not counted with what is
 * measured, and gives what it printed last, read as JSON.
 */
export async function runProgram<T>(name: string, args: readonly string[]): Promise<T> {
  const program = fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [...nodeArguments(program), ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const code = await new Promise<number | null>((done) => child.on("close", done));
  if (code !== 0) throw new Error(`${name} ended with ${code}.`);
  return JSON.parse(printed.trim().split("\n").at(-1)!) as T;
}
