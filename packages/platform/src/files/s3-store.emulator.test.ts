import { createHash, randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { GetObjectCommand, HeadObjectCommand, ListMultipartUploadsCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { itKeepsFiles } from "../testing/file-store-contract.ts";
import { type FaultyProxy, startFaultyProxy } from "../testing/faulty-proxy.ts";
import { type S3Emulator, startS3Emulator } from "../testing/s3-emulator.ts";
import type { FileStore } from "./file-store.ts";
import type { S3Settings } from "./s3-bucket.ts";
import { createS3Store } from "./s3-store.ts";

// The emulator takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const mib = 1024 ** 2;
let emulator: S3Emulator;
let client: S3Client;
let settings: S3Settings;
let store: FileStore;

// The first time, the emulator is installed.
beforeAll(async () => {
  emulator = await startS3Emulator();
  client = new S3Client({
    region: "us-east-1",
    endpoint: emulator.endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
}, 300_000);

afterAll(async () => {
  client.destroy();
  await emulator.stop();
});

beforeEach(async () => {
  settings = await emulator.createBucket();
  store = createS3Store(settings);
});

async function* inChunks(content: Uint8Array, size = 300_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.byteLength; at += size) yield content.subarray(at, at + size);
}

const sha256 = (content: Uint8Array) => createHash("sha256").update(content).digest("hex");

async function openUploads(): Promise<string[]> {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: settings.bucket }));
  return Uploads.map((upload) => upload.Key!);
}

async function hashOf(name: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of await store.get(name)) hash.update(chunk);
  return hash.digest("hex");
}

itKeepsFiles(() => Promise.resolve({ store, again: () => createS3Store(settings), drafts: openUploads }));

it("is on no disk of this machine", () => {
  expect(store.localPath("t/1")).toBeNull();
  expect(() => store.localPath("../t")).toThrow("is not the name of a stored file");
});

it("refuses a path that S3 does not take", async () => {
  const name = Array.from({ length: 5 }, () => "x".repeat(250)).join("/");
  await expect(store.put(name, new Uint8Array())).rejects.toMatchObject({ code: "invalid" });
});

it("writes a large file in parts, and shows none of them when the stream breaks", async () => {
  const content = randomBytes(20 * mib);
  expect(await store.put("t/large", inChunks(content))).toEqual({
    name: "t/large",
    bytes: content.byteLength,
    sha256: sha256(content),
  });
  expect(await hashOf("t/large")).toBe(sha256(content));
  const head = await client.send(new HeadObjectCommand({ Bucket: settings.bucket, Key: "t/large" }));
  expect(head.ETag).toMatch(/-3"$/);

  async function* broken(): AsyncGenerator<Uint8Array> {
    yield* inChunks(randomBytes(9 * mib));
    expect(await openUploads()).toEqual(["t/large"]);
    throw new Error("the line dropped");
  }
  await expect(store.put("t/large", broken())).rejects.toThrow("the line dropped");
  expect([await hashOf("t/large"), await openUploads()]).toEqual([sha256(content), []]);
});

it("joins pieces of any size to one file, also after a break and a wrong piece", async () => {
  const content = randomBytes(21 * mib + 5);
  const upTo = (start: number, end: number) => inChunks(content.subarray(start, end));
  await store.append("t/bill", { offset: 0 }, upTo(0, 3 * mib));
  await expect(
    store.append("t/bill", { offset: 3 * mib, sha256: sha256(Buffer.from("another")) }, upTo(0, 12 * mib)),
  ).rejects.toMatchObject({ code: "invalid", facts: { offset: 3 * mib } });
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield* upTo(3 * mib, 17 * mib);
    throw new Error("the line dropped");
  }
  await expect(store.append("t/bill", { offset: 3 * mib }, broken())).rejects.toThrow("the line dropped");
  expect(await store.findUnfinished("t/bill")).toMatchObject({ bytes: 17 * mib });
  const elsewhere = createS3Store(settings);
  await elsewhere.append("t/bill", { offset: 17 * mib }, upTo(17 * mib, content.byteLength));
  expect(await elsewhere.finish("t/bill")).toMatchObject({ bytes: content.byteLength, sha256: sha256(content) });
  expect([
    await hashOf("t/bill"),
    await openUploads(),
    await store.list(".rests/"),
    await store.list(".unfinished/"),
  ]).toEqual([sha256(content), [], [], []]);
});

it("refuses one of two writers in two processes, and keeps the other's bytes", async () => {
  await store.append("t/bill", { offset: 0 }, inChunks(Buffer.from("one ")));
  const elsewhere = createS3Store(settings);
  async function* late(): AsyncGenerator<Uint8Array> {
    await elsewhere.append("t/bill", { offset: 4 }, inChunks(Buffer.from("two")));
    yield Buffer.from("TWO");
  }
  await expect(store.append("t/bill", { offset: 4 }, late())).rejects.toMatchObject({ code: "conflict" });
  await elsewhere.finish("t/bill");
  expect(await text(await store.get("t/bill"))).toBe("one two");
});

it("lists and deletes more than a page", async () => {
  const names = Array.from({ length: 1005 }, (_, index) => `t/${String(index).padStart(4, "0")}`);
  for (let first = 0; first < names.length; first += 50)
    await Promise.all(names.slice(first, first + 50).map((name) => store.put(name, new Uint8Array([1]))));
  expect((await store.list("t/")).map((file) => file.name)).toEqual(names);
  expect(await store.listNames("t")).toHaveLength(1005);
  await store.deleteAll("t/");
  expect(await store.list("t/")).toEqual([]);
});

it("copies names with signs that a URL spells otherwise", async () => {
  await store.put("t/a b+c%20ü?.csv", Buffer.from("x"));
  await store.move("t/a b+c%20ü?.csv", "t/ü ü");
  expect(await text(await store.get("t/ü ü"))).toBe("x");
});

it("moves what is too large for one copy by parts", async () => {
  const content = randomBytes(12 * mib + 1);
  await store.put("t/large", content);
  const careful = createS3Store(settings, { atOnceMax: 6 * mib, partBytes: 5 * mib });
  await careful.move("t/large", "t/moved");
  expect([await hashOf("t/moved"), await store.find("t/large")]).toEqual([sha256(content), null]);
  const head = await client.send(new HeadObjectCommand({ Bucket: settings.bucket, Key: "t/moved" }));
  expect(head.ETag).toMatch(/-3"$/);
});

it("asks for the encryption that the settings name", async () => {
  const sealed = createS3Store({ ...settings, encryption: { by: "aws:kms", keyId: "key-1" } });
  await sealed.put("t/small", Buffer.from("x"));
  await sealed.put("t/large", inChunks(randomBytes(9 * mib)));
  for (const Key of ["t/small", "t/large"])
    expect(await client.send(new GetObjectCommand({ Bucket: settings.bucket, Key }))).toMatchObject({
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: "key-1",
    });
});

describe("when the store fails", () => {
  let proxy: FaultyProxy;
  let faulty: FileStore;
  const content = randomBytes(9 * mib);

  beforeEach(async () => {
    proxy = await startFaultyProxy(emulator.endpoint);
    faulty = createS3Store({ ...settings, endpoint: proxy.endpoint });
  });

  afterEach(() => proxy.stop());

  it("sends a part again when the connection is cut in the middle of it", async () => {
    proxy.fail({ times: 1, of: isPart, by: "cut-request" });
    expect(await faulty.put("t/large", inChunks(content))).toMatchObject({ sha256: sha256(content) });
    expect(await hashOf("t/large")).toBe(sha256(content));
  });

  it("says that the store cannot be reached when it is cut each time, and shows nothing", async () => {
    proxy.fail({ times: Infinity, of: isPart, by: "cut-request" });
    await expect(faulty.put("t/large", inChunks(content))).rejects.toMatchObject({
      code: "upstream",
      message: expect.stringContaining("The file store cannot be reached.") as string,
    });
    expect([await store.find("t/large"), await openUploads()]).toEqual([null, []]);
  });

  it("keeps what was acknowledged of a file in pieces", async () => {
    await faulty.append("t/bill", { offset: 0 }, inChunks(content));
    proxy.fail({ times: Infinity, of: isPart, by: "cut-request" });
    await expect(faulty.append("t/bill", { offset: 9 * mib }, inChunks(content))).rejects.toMatchObject({
      code: "upstream",
    });
    proxy.heal();
    await faulty.append("t/bill", { offset: 9 * mib }, inChunks(content));
    expect(await faulty.finish("t/bill")).toMatchObject({ sha256: sha256(Buffer.concat([content, content])) });
    expect(await hashOf("t/bill")).toBe(sha256(Buffer.concat([content, content])));
  });

  it("waits where it is asked to slow down, and says so when that does not end", async () => {
    proxy.fail({ times: 2, of: () => true, by: "slow-down" });
    await faulty.put("t/1", Buffer.from("x"));
    proxy.fail({ times: Infinity, of: () => true, by: "slow-down" });
    await expect(faulty.put("t/2", Buffer.from("x"))).rejects.toMatchObject({
      code: "upstream",
      message: "The file store asks us to slow down. Try again in a minute.",
    });
    expect((await store.list("t/")).map((file) => file.name)).toEqual(["t/1"]);
  });

  it("goes on where a read was cut, and never takes a part for the whole", async () => {
    await store.put("t/large", content);
    proxy.fail({ times: 2, of: isRead, by: "cut-answer" });
    const hash = createHash("sha256");
    for await (const chunk of await faulty.get("t/large")) hash.update(chunk);
    expect(hash.digest("hex")).toBe(sha256(content));
    proxy.fail({ times: Infinity, of: isRead, by: "cut-answer" });
    await expect(text(await faulty.get("t/large"))).rejects.toMatchObject({
      code: "upstream",
      message: "The file store broke off while a file was read. Try again in a minute.",
    });
  });

  describe("by silence", () => {
    const silentMaxMs = 500;
    const unanswered = {
      code: "upstream",
      message:
        "The file store does not answer. Try again in a minute; if it stays so, whoever runs the platform must look at it.",
    };
    beforeEach(() => {
      faulty = createS3Store({ ...settings, endpoint: proxy.endpoint, silentMaxMs });
    });

    it("asks once more, and says that it does not answer when that does not end", async () => {
      proxy.fail({ times: 1, of: isWrite, by: "silent" });
      await faulty.put("t/1", Buffer.from("x"));
      proxy.fail({ times: Infinity, of: () => true, by: "silent" });
      const startedAt = performance.now();
      await expect(faulty.put("t/2", Buffer.from("x"))).rejects.toMatchObject(unanswered);
      await expect(faulty.find("t/1")).rejects.toMatchObject(unanswered);
      await expect(faulty.list("t/")).rejects.toMatchObject(unanswered);
      // Two silences, then one for each that asks while it lasts.
      expect(performance.now() - startedAt).toBeLessThan(silentMaxMs * 4 + 2_000);
      proxy.heal();
      expect((await faulty.list("t/")).map((file) => file.name)).toEqual(["t/1"]);
    });

    it("gives a large file up whole, and tidies up once it answers", async () => {
      proxy.fail({ times: Infinity, of: isPart, by: "silent" });
      await expect(faulty.put("t/large", inChunks(content))).rejects.toMatchObject(unanswered);
      expect([await store.find("t/large"), await openUploads()]).toEqual([null, []]);
    });

    it("counts a piece once whose every answer was lost", async () => {
      await faulty.append("t/bill", { offset: 0 }, inChunks(content));
      proxy.fail(
        { times: 1, of: isPart, by: "lost-answer" },
        { times: 1, of: (method, url) => method === "PUT" && url.includes(".unfinished"), by: "lost-answer" },
        { times: 1, of: (method, url) => method === "PUT" && url.includes(".rests"), by: "lost-answer" },
      );
      await faulty.append("t/bill", { offset: 9 * mib }, inChunks(content));
      expect(await faulty.finish("t/bill")).toMatchObject({ sha256: sha256(Buffer.concat([content, content])) });
      expect(await hashOf("t/bill")).toBe(sha256(Buffer.concat([content, content])));
    });

    it("goes on where an answer stuck, and gives up when each one does", async () => {
      await store.put("t/large", content);
      proxy.fail({ times: 2, of: isRead, by: "stuck-answer" });
      const hash = createHash("sha256");
      for await (const chunk of await faulty.get("t/large")) hash.update(chunk);
      expect(hash.digest("hex")).toBe(sha256(content));
      proxy.fail({ times: Infinity, of: isRead, by: "stuck-answer" });
      await expect(text(await faulty.get("t/large"))).rejects.toMatchObject({ code: "upstream" });
    });

    it("does not take a slow reader for it", async () => {
      await store.put("t/large", content);
      let reads = 0;
      proxy.fail({ times: Infinity, of: isRead, by: () => Promise.resolve(void (reads += 1)) });
      let pauses = 3;
      const hash = createHash("sha256");
      for await (const chunk of await faulty.get("t/large")) {
        hash.update(chunk);
        if (pauses-- > 0) await sleep(silentMaxMs * 2);
      }
      expect([hash.digest("hex"), reads]).toEqual([sha256(content), 1]);
    });
  });

  it("says what a refused key needs", async () => {
    proxy.fail({ times: Infinity, of: () => true, by: "refuse" });
    const refused = { code: "upstream", message: expect.stringContaining("The file store refuses our key.") as string };
    await expect(faulty.put("t/1", Buffer.from("x"))).rejects.toMatchObject(refused);
    await expect(faulty.get("t/1")).rejects.toMatchObject(refused);
    await expect(faulty.find("t/1")).rejects.toMatchObject(refused);
    await expect(faulty.list("t/")).rejects.toMatchObject(refused);
  });

  it("names the bucket's setting when there is no such bucket, and the endpoint's when nobody answers", async () => {
    await expect(createS3Store({ ...settings, bucket: "nobodys" }).list("t/")).rejects.toMatchObject({
      code: "upstream",
      message: expect.stringContaining("FINOPS_S3_BUCKET") as string,
    });
    await expect(createS3Store({ ...settings, endpoint: "http://127.0.0.1:9" }).list("t/")).rejects.toMatchObject({
      code: "upstream",
      message: expect.stringContaining("FINOPS_S3_ENDPOINT") as string,
    });
  });
});

const isPart = (method: string, url: string) => method === "PUT" && url.includes("partNumber=");
const isRead = (method: string) => method === "GET";
const isWrite = (method: string) => method === "PUT";
