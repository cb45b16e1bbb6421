import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { silentLog } from "../observe/log.ts";
import { runProgram, type RunningProgram } from "../testing/run-program.ts";
import { openDatabase } from "./database.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";
import { isQuiet, readPostmasterPid } from "./postgres-orphans.ts";

// Several starts of a server each; on a busy machine that takes a while.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let dataDir: string;
const started: EmbeddedPostgres[] = [];
const programs: RunningProgram<unknown>[] = [];

let made: string;

// Making a cluster takes a second or two of both cores, so most tests start from a copy of one.
beforeAll(async () => {
  made = mkdtempSync(join(realpathSync(tmpdir()), "finops-embedded-"));
  const postgres = await startEmbeddedPostgres({ dataDir: made, log: silentLog, durability: "none" });
  await postgres.stop();
});

afterAll(() => rmSync(made, { recursive: true, force: true }));

beforeEach(() => {
  dataDir = mkdtempSync(join(realpathSync(tmpdir()), "finops-embedded-"));
  execFileSync("cp", ["-a", `${made}/.`, dataDir]);
});

afterEach(async () => {
  for (const program of programs.splice(0)) await program.kill();
  for (const postgres of started.splice(0)) await postgres.stop();
  await isQuiet(join(dataDir, "cluster"), null, 15_000);
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(dir = dataDir, durability: "full" | "none" = "none"): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir: dir, log: silentLog, durability });
  started.push(postgres);
  return postgres;
}

async function holdElsewhere(): Promise<RunningProgram<{ adminUrl: string; postmaster: number }>> {
  const program = await runProgram<{ adminUrl: string; postmaster: number }>("hold-postgres", dataDir);
  programs.push(program);
  return program;
}

async function ask<T>(url: string, sql: string): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
}

const quiet = (withinMs: number) =>
  isQuiet(join(dataDir, "cluster"), readPostmasterPid(join(dataDir, "cluster")), withinMs);

describe("a started PostgreSQL", () => {
  it("is made in UTF-8, with roles that cannot bypass row security, behind passwords that nobody else can read", async () => {
    const { adminUrl, appUrl, ownerUrl } = await start();
    const [facts] = await ask(
      ownerUrl,
      "select pg_encoding_to_char(encoding) as encoding, datlocprovider as provider, datlocale as locale from pg_database where datname = 'finops'",
    );
    expect(facts).toEqual({ encoding: "UTF8", provider: "b", locale: "C.UTF-8" });

    const roles = await ask(
      adminUrl,
      "select rolname, rolsuper, rolbypassrls from pg_roles where rolname like 'finops%' and rolname <> 'finops_admin' order by 1",
    );
    expect(roles).toEqual(
      ["finops_app", "finops_directory", "finops_owner"].map((rolname) => ({
        rolname,
        rolsuper: false,
        rolbypassrls: false,
      })),
    );

    const withoutPassword = new URL(appUrl);
    withoutPassword.password = "guess";
    await expect(ask(withoutPassword.toString(), "select 1")).rejects.toMatchObject({ code: "28P01" });
    expect(statSync(join(dataDir, "passwords.json")).mode & 0o777).toBe(0o600);
  });

  it("keeps what was stored when it is stopped and started again", async () => {
    const first = await start();
    await ask(first.ownerUrl, "create table kept as select 1 as n");
    await first.stop();
    const second = await start();
    expect(await ask(second.ownerUrl, "select n from kept")).toEqual([{ n: 1 }]);
  });

  it("runs beside others on other folders", async () => {
    const other = join(dataDir, "other");
    const [a, b] = [await start(), await start(other)];
    await ask(a.ownerUrl, "create table only_here (n int)");
    await expect(ask(b.ownerUrl, "select * from only_here")).rejects.toMatchObject({ code: "42P01" });
  });

  it("can be reached in a folder whose name is too long for a socket, has spaces and quotes", async () => {
    const long = join(dataDir, `a "quoted" folder, ${"x".repeat(90)}`);
    const { appUrl } = await start(long);
    expect(await ask(appUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("leaves no process behind when it is stopped", async () => {
    const postgres = await start();
    await postgres.stop();
    expect(await quiet(0)).toBe(true);
  });

  it("says that it crashed, with its last words", async () => {
    const postgres = await start();
    process.kill(readPostmasterPid(join(dataDir, "cluster"))!, "SIGKILL");
    expect(await postgres.crashed).toContain("ended by itself");
  });
});

describe("after a violent end", () => {
  it("stops within seconds of a kill -9 of the program, and starts again", async () => {
    const { child, kill, said } = await holdElsewhere();
    expect(child.pid).not.toBe(said.postmaster);
    await kill();
    expect(await quiet(5_000)).toBe(true);
    const { appUrl } = await start();
    expect(await ask(appUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("starts again after a kill -9 of PostgreSQL itself", async () => {
    const first = await start(dataDir, "full");
    await ask(first.ownerUrl, "create table kept as select 1 as n");
    process.kill(readPostmasterPid(join(dataDir, "cluster"))!, "SIGKILL");
    await first.crashed;
    const second = await start();
    expect(await ask(second.ownerUrl, "select n from kept")).toEqual([{ n: 1 }]);
  });

  it("leaves an open database usable: calls fail with a sentence until PostgreSQL is back", async () => {
    const first = await start();
    const db = openDatabase(first);
    const count = () => db.inDirectory((tx) => tx.$queryRaw<{ n: number }[]>`select 1 as n`);
    const stopListening = await db.listen("bell", () => {});
    await Promise.all([count(), count(), count()]);
    process.kill(readPostmasterPid(join(dataDir, "cluster"))!, "SIGKILL");
    await first.crashed;
    // Who serves a connection may answer once more before it sees that PostgreSQL is gone.
    await expect
      .poll(() => count().catch((error: unknown) => error))
      .toMatchObject({
        code: "upstream",
        message: "The database does not answer. Try again in a moment.",
      });
    await expect(count()).rejects.toMatchObject({ code: "upstream" });
    await start();
    await expect.poll(count).toEqual([{ n: 1 }]);
    stopListening();
    await db.close();
  });

  it("starts at once while the PostgreSQL of a killed program is still there", async () => {
    const { kill } = await holdElsewhere();
    await kill();
    const { appUrl } = await start();
    expect(await ask(appUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("stops an orphan whose guard was killed too", async () => {
    const { child, kill, said } = await holdElsewhere();
    // The guard is the parent of the postmaster and leads the process group in which its reader runs.
    const guard = Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${said.postmaster}/status`, "utf8"))![1]);
    expect(guard).not.toBe(child.pid);
    process.kill(said.postmaster, "SIGSTOP");
    process.kill(-guard, "SIGTERM");
    await kill();
    process.kill(said.postmaster, "SIGCONT");
    const { appUrl } = await start();
    expect(await ask(appUrl, "select 1 as one")).toEqual([{ one: 1 }]);
    expect(readPostmasterPid(join(dataDir, "cluster"))).not.toBe(said.postmaster);
  });

  it("is not kept from starting by a pid file that names a stranger", async () => {
    const first = await start();
    await first.stop();
    writeFileSync(join(dataDir, "cluster/postmaster.pid"), `${process.pid}\n${join(dataDir, "cluster")}\n`);
    const { appUrl } = await start();
    expect(await ask(appUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("makes a cluster whose making was interrupted anew", async () => {
    rmSync(join(dataDir, "cluster"), { recursive: true });
    mkdirSync(join(dataDir, "cluster.draft/base"), { recursive: true });
    const { appUrl } = await start();
    expect(await ask(appUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  });
});

it("says at once why PostgreSQL does not start, and gives up", async () => {
  const first = await start();
  await first.stop();
  writeFileSync(join(dataDir, "cluster/postgresql.conf"), "shared_buffers = nonsense");
  await expect(start()).rejects.toMatchObject({
    code: "precondition",
    message: expect.stringContaining('invalid value for parameter "shared_buffers"'),
  });
});

it.runIf(process.getuid?.() === 0)(
  "says why root cannot have its data below a closed home, and what to do",
  async () => {
    const home = join(dataDir, "home");
    mkdirSync(home);
    chmodSync(home, 0o700);
    await expect(start(join(home, "postgres"))).rejects.toMatchObject({
      code: "precondition",
      message: expect.stringMatching(/cannot reach .*home.*Start as a user other than root, or put/),
    });
  },
);
