import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { costTableNames, policyCondition } from "../engines/clickhouse/tables.ts";

/** ClickHouse's own engine in a process of its own, behind HTTP; see tools/clickhouse-face. */
export interface ClickHouseFace {
  /** With the database that its row policies are for. */
  url: string;
  close(): Promise<void>;
}

const program = fileURLToPath(new URL("../../../../tools/clickhouse-face/main.mjs", import.meta.url));

export async function startClickHouseFace(): Promise<ClickHouseFace> {
  const folder = mkdtempSync(join(tmpdir(), "finops-clickhouse-"));
  const config = join(folder, "config.xml");
  writeFileSync(config, configText(config));
  const child = spawn(process.execPath, [program, folder, config], { stdio: ["pipe", "pipe", "pipe"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let trouble = "";
  child.stderr.on("data", (chunk: Buffer) => (trouble += chunk.toString()));
  const address = await Promise.race([
    new Promise<string>((resolve) => createInterface(child.stdout).once("line", resolve)),
    ended.then(() => Promise.reject(new Error(`The face of ClickHouse does not start.\n${trouble}`))),
  ]);
  return {
    url: `${address}/finops`,
    async close() {
      child.stdin.end();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The engine refuses CREATE ROW POLICY and takes the same policies from its configuration. */
function configText(config: string): string {
  const tables = costTableNames.map((name) => `<${name}><filter>${policyCondition}</filter></${name}>`).join("");
  return `<clickhouse><users_config>${config}</users_config><profiles><default/></profiles><quotas><default/></quotas>
<users><default><password/><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota>
<databases><finops>${tables}</finops></databases></default></users></clickhouse>`;
}
