import { PrismaPg } from "@prisma/adapter-pg";
import { expect, it, vi } from "vitest";
import { createSharedCompiler } from "./shared-compiler.ts";
import { openClientOn } from "./transactions.ts";

const { configOverride: override } = createSharedCompiler().__internal;

it("is an option that Prisma still asks, with a compiler in what it gives", async () => {
  const configOverride = vi.fn((config: unknown) => config);
  openClientOn(new PrismaPg({}), { __internal: { configOverride } });
  expect(configOverride).toHaveBeenCalledWith(
    expect.objectContaining({ compilerWasm: expect.objectContaining({ getRuntime: expect.any(Function) }) }),
  );
  const [config] = configOverride.mock.calls[0] as [Parameters<typeof override>[0]];
  const { QueryCompiler } = await config.compilerWasm!.getRuntime();
  expect(Object.getOwnPropertyNames(QueryCompiler.prototype)).toEqual(
    expect.arrayContaining(["compile", "compileBatch", "free"]),
  );
});

it("reads the schema once for all clients, and compiles a query once", async () => {
  const read: string[] = [];
  const compiled: string[] = [];
  class QueryCompiler {
    constructor({ datamodel }: { datamodel: string }) {
      read.push(datamodel);
    }
    compile(query: string) {
      return compiled.push(query) && `plan of ${query}`;
    }
    compileBatch(batch: string) {
      return this.compile(batch);
    }
    free() {
      throw new Error("others go on with it");
    }
  }
  const open = async () => {
    const { compilerWasm } = override({ compilerWasm: { getRuntime: () => Promise.resolve({ QueryCompiler }) } });
    return new (await compilerWasm.getRuntime()).QueryCompiler({ datamodel: "the schema" });
  };
  const [first, second] = [await open(), await open()];
  const insert = '{"modelName":"Source","action":"createMany"}';
  expect([first.compile("a"), second.compile("a"), second.compileBatch("b"), first.compileBatch("b")]).toEqual([
    "plan of a",
    "plan of a",
    "plan of b",
    "plan of b",
  ]);
  first.free();
  second.compile(insert);
  second.compile(insert);
  expect([read, compiled]).toEqual([["the schema"], ["a", "b", insert, insert]]);
});
