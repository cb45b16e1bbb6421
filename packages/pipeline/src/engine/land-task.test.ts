import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { landTask } from "./land-task.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "finops-land-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const tools = { threads: 1, memoryMb: 256, tempDir: tmpdir(), report() {} };

async function bills(contents: Record<string, Buffer>) {
  const files = [];
  for (const [name, content] of Object.entries(contents)) {
    await writeFile(join(dir, name), content);
    files.push({ path: join(dir, name), name, target: join(dir, `raw-${name}`), readable: join(dir, `utf8-${name}`) });
  }
  return { files, bytes: 1 };
}

const bill = (rows: number) => gzipSync(`id,cost\n${"a,1.5\n".repeat(rows)}`);

it("lands the files of a delivery at the same time and gives them in their own order", async () => {
  const input = await bills({ "1.csv.gz": bill(200_000), "2.csv.gz": bill(1), "3.csv.gz": bill(50_000) });
  const landed = await landTask(input, tools);
  expect(landed.map(({ name, shape }) => [name, shape])).toEqual(
    ["1.csv.gz", "2.csv.gz", "3.csv.gz"].map((name) => [
      name,
      { kind: "csv", gzip: true, encoding: "utf-8", delimiter: ",", columns: ["id", "cost"] },
    ]),
  );
});

it("tells the file that is cut off, not the ones that it stopped", async () => {
  const whole = bill(200_000);
  const input = await bills({ "1.csv.gz": whole, "2.csv.gz": whole.subarray(0, whole.length - 20), "3.csv.gz": whole });
  await expect(landTask(input, tools)).rejects.toThrow("2.csv.gz is cut off");
});
