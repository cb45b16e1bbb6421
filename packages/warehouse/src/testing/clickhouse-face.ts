import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { costTableNames, policyCondition } from "../engines/clickhouse/tables.ts";

/** ClickHouse's own engine in a process of its own, behind HTTP; see tools/clickhouse-face. */
export interface ClickHouseFace {
  /** With the database that its row policies are for. */
  url: string;
  /** Ends it without a word, in the middle of whatever it does. */
  kill(): Promise<void>;
  /** Starts it again at the same address, with what it kept. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const program = fileURLToPath(new URL("../../../../tools/clickhouse-face/main.mjs", import.meta.url));

/** @param dataDir where it keeps its data; left out, in a folder that goes with it */
export async function startClickHouseFace(dataDir?: string): Promise<ClickHouseFace> {
  const folder = mkdtempSync(join(tmpdir(), "finops-clickhouse-"));
  if (dataDir !== undefined) symlinkSync(dataDir, join(folder, "data"));
  const config = join(folder, "config.xml");
  writeFileSync(config, configText(config));
  let running = await startProgram([folder, config]);
  const { port } = new URL(running.address);
  return {
    url: `${running.address}/finops`,
    async kill() {
      running.child.kill("SIGKILL");
      await running.ended;
    },
    async restart() {
      running = await startProgram([folder, config, port]);
    },
    async close() {
      running.child.stdin.end();
      await running.ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startProgram(args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let trouble = "";
  child.stderr.on("data", (chunk: Buffer) => (trouble += chunk.toString()));
  const address = await Promise.race([
    new Promise<string>((resolve) => createInterface(child.stdout).once("line", resolve)),
    ended.then(() => Promise.reject(new Error(`The face of ClickHouse does not start.\n${trouble}`))),
  ]);
  return { child, ended, address };
}

/** The engine refuses CREATE ROW POLICY and takes the same policies from its configuration. */
function configText(config: string): string {
  const tables = costTableNames.map((name) => `<${name}><filter>${policyCondition}</filter></${name}>`).join("");
  return `<clickhouse><users_config>${config}</users_config><profiles><default/></profiles><quotas><default/></quotas>
<users><default><password/><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota>
<databases><finops>${tables}</finops></databases></default></users></clickhouse>`;
}
