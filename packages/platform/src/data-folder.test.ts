import { existsSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type DataFolderLock, lockDataFolder, readOrMakeLocalKey, readRunningServer } from "./data-folder.ts";
import { runProgram, type RunningProgram } from "./testing/run-program.ts";

let dir: string;
const held: { release(): void }[] = [];
const programs: RunningProgram<unknown>[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(realpathSync(tmpdir()), "finops-folder-"));
});

afterEach(async () => {
  for (const lock of held.splice(0)) lock.release();
  for (const program of programs.splice(0)) await program.kill();
  rmSync(dir, { recursive: true, force: true });
});

function lock(purpose = "finops import"): DataFolderLock {
  const taken = lockDataFolder(dir, purpose);
  held.push(taken);
  return taken;
}

async function serveElsewhere(): Promise<RunningProgram<{ pid: number }>> {
  const program = await runProgram<{ pid: number }>("hold-data-folder", dir);
  programs.push(program);
  return program;
}

it("refuses a second process, and says who has it and where it answers", async () => {
  const { said } = await serveElsewhere();
  expect(() => lock()).toThrow(
    `The data folder ${dir} is in use by finops start (process ${said.pid}). It answers at http://localhost:3999: use that, or stop it first.`,
  );
});

it("refuses a second use in the same process", () => {
  lock("finops import");
  expect(() => lock()).toThrow(
    `is in use by finops import (process ${process.pid}). Wait until it is done, or stop it first.`,
  );
});

it("is free as soon as its holder was killed", async () => {
  const { kill } = await serveElsewhere();
  await kill();
  expect(lock().folder.root).toBe(dir);
});

it("is free when it was released", () => {
  lock().release();
  expect(() => lock()).not.toThrow();
});

it("tells which server has it, while that lives", async () => {
  expect(readRunningServer(dir)).toBeNull();
  const { said, kill } = await serveElsewhere();
  expect(readRunningServer(dir)).toEqual({ url: "http://localhost:3999", pid: said.pid });
  await kill();
  expect(readRunningServer(dir)).toBeNull();
});

it("forgets the server of an earlier holder", async () => {
  const { kill } = await serveElsewhere();
  await kill();
  lock();
  expect(readRunningServer(dir)).toBeNull();
});

it("empties the drafts of an earlier holder, and nothing else", () => {
  const first = lock();
  writeFileSync(join(first.folder.tmpDir, "draft"), "half");
  writeFileSync(join(first.folder.filesDir, "kept"), "whole");
  first.release();
  const { folder } = lock();
  expect([existsSync(join(folder.tmpDir, "draft")), existsSync(join(folder.filesDir, "kept"))]).toEqual([false, true]);
});

it("keeps one key for commands on this machine, closed to others", () => {
  lock();
  const key = readOrMakeLocalKey(dir);
  expect(key).toMatch(/^[\w-]{43}$/);
  expect(readOrMakeLocalKey(dir)).toBe(key);
  expect(statSync(join(dir, "local-key")).mode & 0o777).toBe(0o600);
});

it("says what to do about a folder that cannot be made", () => {
  writeFileSync(join(dir, "file"), "");
  expect(() => lockDataFolder(join(dir, "file/data"), "finops start")).toThrow(
    "Set FINOPS_DATA to a folder that you own.",
  );
});
