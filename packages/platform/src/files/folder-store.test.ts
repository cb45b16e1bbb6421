import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { itKeepsFiles } from "../testing/file-store-contract.ts";
import type { FileStore } from "./file-store.ts";
import { createFolderStore } from "./folder-store.ts";

let dir: string;
let store: FileStore;

const open = () => createFolderStore({ root: join(dir, "files"), draftsDir: join(dir, "tmp") });

beforeEach(() => {
  dir = mkdtempSync(join(realpathSync(tmpdir()), "finops-files-"));
  store = open();
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

const bytes = (content: string) => new TextEncoder().encode(content);

itKeepsFiles(() =>
  Promise.resolve({ store, again: open, drafts: () => Promise.resolve(readdirSync(join(dir, "tmp"))) }),
);

it("keeps folders and files from other accounts of the machine", async () => {
  await store.put("tenants/a/bill.csv", new TextEncoder().encode("1"));
  const path = store.localPath("tenants/a/bill.csv")!;
  expect(statSync(path).mode & 0o077).toBe(0);
  expect(statSync(path.slice(0, -"/tenants/a/bill.csv".length)).mode & 0o077).toBe(0);
});

it("tells where the file is on this machine", async () => {
  await store.put("t/1", bytes("x"));
  expect(store.localPath("t/1")).toBe(join(dir, "files/t/1"));
});

it("refuses a way out by a link", async () => {
  mkdirSync(join(dir, "outside"));
  writeFileSync(join(dir, "outside/secret"), "secret");
  symlinkSync(join(dir, "outside"), join(dir, "files/link"));
  await expect(store.get("link/secret")).rejects.toMatchObject({ code: "invalid" });
  await expect(store.put("link/new/file", bytes("x"))).rejects.toMatchObject({ code: "invalid" });
});

it("keeps every name that it takes inside its folder", () => {
  const part = fc.constantFrom("..", ".", "", "a", "b c", "\0", "\\", "~", "%2e%2e", "é");
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      let path: string | null = null;
      try {
        path = store.localPath(parts.join("/"));
      } catch {
        return;
      }
      expect(path?.startsWith(`${join(dir, "files")}/`)).toBe(true);
    }),
  );
});

it("names what is one step below a folder, empty folders too", async () => {
  for (const name of ["t/b/2", "t/a/1", "t/c"]) await store.put(name, bytes("12"));
  await store.delete("t/a/1");
  expect([await store.listNames("t"), await store.listNames("t/a"), await store.listNames("nothing")]).toEqual([
    ["a", "b", "c"],
    [],
    [],
  ]);
});
