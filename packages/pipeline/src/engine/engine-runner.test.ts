import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { focusBill } from "../testing/sample-bills.ts";
import { createEngineProcesses } from "./engine-runner.ts";

let folder: string;
let engine: ReturnType<typeof createEngineProcesses>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "finops-engine-"));
  engine = createEngineProcesses({ tempDir: folder, threads: 1, memoryMb: 256 });
  await writeFile(join(folder, "may.csv"), focusBill([{}]));
});
afterAll(async () => {
  engine.close();
  await rm(folder, { recursive: true });
});

/** The processes that this one started and that run. */
function children(): number[] {
  return readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8")
    .trim()
    .split(" ")
    .filter(
      (pid) =>
        pid !== "" &&
        existsSync(`/proc/${pid}`) &&
        readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("engine-process"),
    )
    .map(Number);
}

const detect = (name: string, signal?: AbortSignal) =>
  engine.run("detect", { files: [{ path: join(folder, "may.csv"), name }] }, { signal });

describe.skipIf(!existsSync(`/proc/${process.pid}/task/${process.pid}/children`))(
  "an engine in a process of its own",
  () => {
    it("does task after task in one process, and leaves no file behind", async () => {
      expect((await detect("may.csv")).detected).toMatchObject([{ name: "may.csv", format: "focus" }]);
      const first = children();
      expect((await detect("again.csv")).detected).toMatchObject([{ name: "again.csv" }]);
      expect(children()).toEqual(first);
      expect(first).toHaveLength(1);
      expect(await readdir(folder)).toEqual(["may.csv"]);
    });

    it("knows nothing of the server's environment but what it needs", async () => {
      process.env["FINOPS_MASTER_KEY"] = "a key";
      const own = createEngineProcesses({ tempDir: folder, threads: 1, memoryMb: 256 });
      const known = children();
      const running = own.run("detect", { files: [{ path: join(folder, "may.csv"), name: "may.csv" }] }, {});
      const [pid] = children().filter((child) => !known.includes(child));
      delete process.env["FINOPS_MASTER_KEY"];
      await running;
      const names = readFileSync(`/proc/${pid}/environ`, "utf8")
        .split("\0")
        .map((entry) => entry.split("=")[0]);
      own.close();
      expect(names).toContain("PATH");
      expect(names.filter((name) => name!.startsWith("FINOPS_"))).toEqual([]);
    });

    it("gives no task to a process that was told to end", async () => {
      const own = createEngineProcesses({ tempDir: folder, threads: 1, memoryMb: 256, idleMs: 1 });
      const ask = () => own.run("detect", { files: [{ path: join(folder, "may.csv"), name: "may.csv" }] });
      await ask();
      await new Promise((resolve) => setTimeout(resolve, 2));
      expect((await ask()).detected).toMatchObject([{ name: "may.csv" }]);
      own.close();
    });

    it("brings an error over with its code and its sentence", async () => {
      await expect(
        engine.run("land", {
          files: [
            {
              path: join(folder, "none"),
              name: "none.csv",
              target: join(folder, "raw"),
              readable: join(folder, "utf8"),
            },
          ],
          bytes: 1,
        }),
      ).rejects.toMatchObject({ code: "not_found", message: "none.csv is not there or cannot be read." });
    });

    it("ends its process when it is cancelled, and takes another one for the next task", async () => {
      const cancel = new AbortController();
      const running = detect("may.csv", cancel.signal);
      const [pid] = children();
      cancel.abort();
      await expect(running).rejects.toMatchObject({ code: "precondition", message: "The work was cancelled." });
      expect(children()).not.toContain(pid);
      await expect(detect("may.csv", cancel.signal)).rejects.toMatchObject({ code: "precondition" });
      expect((await detect("may.csv")).detected).toHaveLength(1);
    });

    it("says so when its process is killed from outside", async () => {
      const running = detect("may.csv");
      for (const pid of children()) process.kill(pid, "SIGKILL");
      await expect(running).rejects.toMatchObject({
        code: "internal",
        message: "The cost engine was ended from outside, most likely for want of memory. Try again.",
      });
      expect((await detect("may.csv")).detected).toHaveLength(1);
    });
  },
);
