import { Miniflare } from "miniflare";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { itKeepsFiles } from "../testing/file-store-contract.ts";
import { createBucketStore } from "./bucket-store.ts";
import { openR2Bucket } from "./r2-bucket.ts";

// R2 as workerd's own simulator has it.
let miniflare: Miniflare;
let bindings: Awaited<ReturnType<Miniflare["getR2Bucket"]>>;

beforeAll(async () => {
  miniflare = new Miniflare({ modules: true, script: "export default {}", r2Buckets: ["FILES"] });
  bindings = await miniflare.getR2Bucket("FILES");
});
afterAll(() => miniflare.dispose());

const open = () => createBucketStore(openR2Bucket(bindings as never));

beforeEach(async () => {
  for (const prefix of ["", ".unfinished/", ".rests/"]) {
    const { objects } = await bindings.list({ prefix });
    await bindings.delete(objects.map(({ key }) => key));
  }
});

// What is left of an upload that nobody completed is nowhere listed for a Worker; the bucket's own rule ends it.
itKeepsFiles(() => Promise.resolve({ store: open(), again: open, drafts: () => Promise.resolve([]) }));

it("joins pieces that are larger than a part", async () => {
  const store = open();
  const mib = 1024 ** 2;
  async function* zeros(bytes: number): AsyncGenerator<Uint8Array> {
    for (let left = bytes; left > 0; left -= mib) yield new Uint8Array(Math.min(left, mib));
  }
  await store.append("t/bill", { offset: 0 }, zeros(9 * mib));
  await open().append("t/bill", { offset: 9 * mib }, zeros(8 * mib + 1));
  expect(await store.finish("t/bill")).toMatchObject({ bytes: 17 * mib + 1 });
  await store.move("t/bill", "t/moved");
  expect([await store.find("t/moved"), await store.find("t/bill")]).toEqual([
    { name: "t/moved", bytes: 17 * mib + 1 },
    null,
  ]);
});
