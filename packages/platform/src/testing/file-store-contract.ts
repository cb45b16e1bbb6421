import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";
import { beforeEach, describe, expect, it } from "vitest";
import type { FileStore } from "../files/file-store.ts";

/** A store that is empty, and what a test asks beyond it. */
export interface StoreUnderTest {
  store: FileStore;
  /** The same files as another process sees them. */
  again(): FileStore;
  /** What is left over of files that did not become whole. */
  drafts(): Promise<readonly unknown[]>;
}

/** What every file store does, whatever keeps the files. */
export function itKeepsFiles(open: () => Promise<StoreUnderTest>): void {
  let store: FileStore;
  let again: StoreUnderTest["again"];
  let drafts: StoreUnderTest["drafts"];

  beforeEach(async () => {
    ({ store, again, drafts } = await open());
  });

  const bytes = (content: string) => new TextEncoder().encode(content);
  const read = async (name: string, range?: { start: number; end: number }) => text(await store.get(name, range));

  async function* inPieces(...pieces: string[]): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) yield bytes(piece);
  }

  it("stores a stream and says its size and sha-256", async () => {
    const written = await store.put("a/bill.csv", inPieces("rows ", "and ", "costs"));
    expect(written).toEqual({
      name: "a/bill.csv",
      bytes: 14,
      sha256: createHash("sha256").update("rows and costs").digest("hex"),
    });
    expect(await read("a/bill.csv")).toBe("rows and costs");
  });

  it("stores an empty file", async () => {
    expect(await store.put("empty", bytes(""))).toMatchObject({ bytes: 0 });
    expect(await read("empty")).toBe("");
  });

  it("reads a half-open range", async () => {
    await store.put("digits", bytes("0123456789"));
    expect([
      await read("digits", { start: 2, end: 5 }),
      await read("digits", { start: 3, end: 3 }),
      await read("digits", { start: 8, end: 99 }),
    ]).toEqual(["234", "", "89"]);
  });

  it("shows the old content until the new is whole, and keeps it when the stream breaks", async () => {
    await store.put("bill", bytes("old"));
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield bytes("new but");
      expect(await read("bill")).toBe("old");
      throw new Error("the line dropped");
    }
    await expect(store.put("bill", broken())).rejects.toThrow("the line dropped");
    expect(await read("bill")).toBe("old");
    expect(await drafts()).toEqual([]);
  });

  it("lists files below a prefix by name, and a file by its own", async () => {
    for (const name of ["t/b/2", "t/a/1", "t/a-b", "u/1"]) await store.put(name, bytes("12"));
    const names = async (prefix: string) => (await store.list(prefix)).map((file) => file.name);
    expect(await names("t/")).toEqual(["t/a-b", "t/a/1", "t/b/2"]);
    expect(await names("t/a")).toEqual(["t/a/1"]);
    expect(await store.list("u/1")).toEqual([{ name: "u/1", bytes: 2 }]);
    expect([await names("u/1/"), await names("nothing/")]).toEqual([[], []]);
  });

  it("names what is one step below a folder", async () => {
    for (const name of ["t/b/2", "t/b/3", "t/a/1", "t/c"]) await store.put(name, bytes("12"));
    await store.delete("t/b/3");
    expect([await store.listNames("t"), await store.listNames("t/b"), await store.listNames("nothing")]).toEqual([
      ["a", "b", "c"],
      ["2"],
      [],
    ]);
  });

  it("moves a file into place, replacing what is there", async () => {
    await store.put("draft", bytes("new"));
    await store.put("final/place", bytes("old"));
    await store.move("draft", "final/place");
    expect(await read("final/place")).toBe("new");
    expect(await store.find("draft")).toBeNull();
  });

  it("deletes one file, or all below a prefix, and does not mind what is not there", async () => {
    for (const name of ["t/1", "t/2", "t/3/4"]) await store.put(name, bytes("x"));
    await store.delete("t/1");
    await store.delete("t/1");
    expect((await store.list("t/")).map((file) => file.name)).toEqual(["t/2", "t/3/4"]);
    await store.deleteAll("t/");
    await store.deleteAll("t/");
    expect(await store.list("t/")).toEqual([]);
  });

  it("finds a file's size, and no folder", async () => {
    await store.put("t/1", bytes("123"));
    expect([await store.find("t/1"), await store.find("t"), await store.find("t/2")]).toEqual([
      { name: "t/1", bytes: 3 },
      null,
      null,
    ]);
  });

  it("says which file is missing", async () => {
    await expect(store.get("t/none")).rejects.toMatchObject({ code: "not_found", message: "There is no file t/none." });
    await expect(store.move("t/none", "x")).rejects.toMatchObject({ code: "not_found" });
  });

  it.each(["../secret", "a/../../secret", "/etc/passwd", "", "a//b", "a/./b", "a/", "nul\0", "a\\..\\b", ".."])(
    "refuses the name %j",
    async (name) => {
      await expect(store.put(name, bytes("x"))).rejects.toMatchObject({ code: "invalid" });
      await expect(store.get(name)).rejects.toMatchObject({ code: "invalid" });
    },
  );

  it("refuses a name that no file system takes, counted in bytes", async () => {
    await expect(store.put(`a/${"é".repeat(128)}`, new Uint8Array())).rejects.toMatchObject({ code: "invalid" });
  });

  describe("a file that comes in pieces", () => {
    const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");

    it("is there when it is finished, and not before", async () => {
      expect(await store.append("t/bill", { offset: 0 }, inPieces("rows ", "and "))).toMatchObject({ bytes: 9 });
      expect([await store.find("t/bill"), await store.list("t/")]).toEqual([null, []]);
      expect(await store.findUnfinished("t/bill")).toMatchObject({ name: "t/bill", bytes: 9 });
      await store.append("t/bill", { offset: 9 }, inPieces("costs"));
      expect(await store.finish("t/bill")).toEqual({ name: "t/bill", bytes: 14, sha256: sha256("rows and costs") });
      expect([await read("t/bill"), await store.findUnfinished("t/bill")]).toEqual(["rows and costs", null]);
    });

    it("goes on after a break with every byte that arrived, and none twice", async () => {
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield bytes("0123");
        throw new Error("the line dropped");
      }
      await expect(store.append("t/bill", { offset: 0 }, broken())).rejects.toThrow("the line dropped");
      await expect(store.append("t/bill", { offset: 0 }, inPieces("0123"))).rejects.toMatchObject({
        code: "conflict",
        facts: { offset: 4 },
      });
      await store.append("t/bill", { offset: 4 }, inPieces("456789"));
      expect(await store.finish("t/bill")).toMatchObject({ sha256: sha256("0123456789") });
    });

    it("goes on in another process", async () => {
      await store.append("t/bill", { offset: 0 }, inPieces("before, "));
      const after = again();
      expect(await after.listUnfinished("t/")).toMatchObject([{ name: "t/bill", bytes: 8 }]);
      await after.append("t/bill", { offset: 8 }, inPieces("after"));
      expect(await after.finish("t/bill")).toMatchObject({ bytes: 13, sha256: sha256("before, after") });
    });

    it("refuses a second writer while one is at it", async () => {
      let goOn = () => {};
      const waiting = new Promise<void>((resolve) => (goOn = resolve));
      async function* slow(): AsyncGenerator<Uint8Array> {
        yield bytes("a");
        await waiting;
        yield bytes("b");
      }
      const first = store.append("t/bill", { offset: 0 }, slow());
      await expect.poll(() => store.findUnfinished("t/bill")).not.toBeNull();
      await expect(store.append("t/bill", { offset: 1 }, inPieces("x"))).rejects.toMatchObject({ code: "conflict" });
      await expect(store.finish("t/bill")).rejects.toMatchObject({ code: "conflict" });
      goOn();
      await first;
      await store.finish("t/bill");
      expect(await read("t/bill")).toBe("ab");
    });

    it("takes back a piece that arrived as another", async () => {
      await store.append("t/bill", { offset: 0, sha256: sha256("good ") }, inPieces("good "));
      await expect(
        store.append("t/bill", { offset: 5, sha256: sha256("piece") }, inPieces("pxece")),
      ).rejects.toMatchObject({ code: "invalid", facts: { offset: 5 } });
      await store.append("t/bill", { offset: 5, sha256: sha256("piece") }, inPieces("piece"));
      expect(await store.finish("t/bill")).toMatchObject({ sha256: sha256("good piece") });
    });

    it("goes with its folder", async () => {
      await store.append("t/bill", { offset: 0 }, inPieces("x"));
      await store.append("t/other", { offset: 0 }, inPieces("x"));
      await store.delete("t/other");
      expect(await store.listUnfinished("t/")).toHaveLength(1);
      await store.deleteAll("t/");
      expect(await store.listUnfinished("t/")).toEqual([]);
      await expect(store.finish("t/bill")).rejects.toMatchObject({ code: "not_found" });
    });
  });
}
