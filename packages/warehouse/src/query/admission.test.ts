import { describe, expect, it } from "vitest";
import { Admission } from "./admission.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Work that ends when it is told to, and notes when it began. */
function workshop() {
  const began: string[] = [];
  const endings = new Map<string, () => void>();
  const work = (name: string) => () =>
    new Promise<string>((resolve) => {
      began.push(name);
      endings.set(name, () => resolve(name));
    });
  const end = async (name: string) => {
    endings.get(name)!();
    await turn();
  };
  return { began, work, end };
}

describe("admission", () => {
  it("runs so many at once, and companies take turns", async () => {
    const { began, work, end } = workshop();
    const admission = new Admission({ runningMax: 2, runningPerTenantMax: 2, waitingPerTenantMax: 10 });
    for (const name of ["a1", "a2", "a3", "a4", "b1", "c1"]) void admission.run(name[0]!, work(name));
    await turn();
    expect(began).toEqual(["a1", "a2"]);
    for (const name of ["a1", "a2", "a3", "b1"]) await end(name);
    expect(began).toEqual(["a1", "a2", "a3", "b1", "c1", "a4"]);
  });

  it("keeps a place for others when one company asks a lot", async () => {
    const { began, work, end } = workshop();
    const admission = new Admission({ runningMax: 3, runningPerTenantMax: 2, waitingPerTenantMax: 10 });
    for (const name of ["a1", "a2", "a3", "b1"]) void admission.run(name[0]!, work(name));
    await turn();
    expect(began).toEqual(["a1", "a2", "b1"]);
    await end("b1");
    expect(began).toEqual(["a1", "a2", "b1"]);
    await end("a1");
    expect(began).toEqual(["a1", "a2", "b1", "a3"]);
  });

  it("shares what one company may have at once among the processes, as long as others ask too", async () => {
    const { began, work, end } = workshop();
    let [nowMs, processes] = [0, 3];
    const limits = { runningMax: 4, runningPerTenantMax: 3, waitingPerTenantMax: 10, processes: () => processes };
    const admission = new Admission(limits, () => nowMs);
    const ask = async (...names: string[]) => {
      for (const name of names) void admission.run(name[0]!, work(name));
      await turn();
    };
    await ask("a1", "a2", "a3", "a4");
    expect(began).toEqual(["a1", "a2", "a3"]);
    await ask("b1");
    for (const name of ["a1", "a2"]) await end(name);
    expect(began).toEqual(["a1", "a2", "a3", "b1"]);
    await end("a3");
    expect(began.at(-1)).toBe("a4");
    await ask("a5", "a6");
    expect(began.at(-1)).toBe("a4");
    processes = 2;
    await ask("a7");
    expect(began.at(-1)).toBe("a5");
    nowMs = 11_000;
    await ask("a8");
    expect(began.at(-1)).toBe("a6");
  });

  it("refuses what would wait too long, and goes on after work that fails", async () => {
    const { work, end } = workshop();
    const admission = new Admission({ runningMax: 1, runningPerTenantMax: 1, waitingPerTenantMax: 1 });
    const first = admission.run("a", work("first"));
    const second = admission.run("a", () => Promise.reject(new Error("no"))).catch((error: unknown) => String(error));
    await expect(admission.run("a", work("third"))).rejects.toMatchObject({ code: "limit" });
    await end("first");
    await expect(first).resolves.toBe("first");
    expect(await second).toBe("Error: no");
    await expect(admission.run("a", () => Promise.resolve("again"))).resolves.toBe("again");
  });

  it("lets a query that waits be cancelled, and its place go to the next", async () => {
    const { began, work, end } = workshop();
    const admission = new Admission({ runningMax: 1, runningPerTenantMax: 1, waitingPerTenantMax: 5 });
    void admission.run("a", work("first"));
    const controller = new AbortController();
    const cancelled = admission.run("a", work("cancelled"), controller.signal);
    void admission.run("a", work("last"));
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ code: "precondition" });
    await end("first");
    expect(began).toEqual(["first", "last"]);
  });
});
