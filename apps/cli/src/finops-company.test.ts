import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestFolder, type TestFolder } from "./testing/data-folder.ts";
import { finops, jsonOf } from "./testing/run-finops.ts";

let folder: TestFolder;
let bill: string;
const run = (...args: string[]) => finops("--data", folder.data, ...args);

beforeAll(async () => {
  folder = await createTestFolder();
  bill = await folder.write("may/focus.csv", focusBill([{ BilledCost: "10.10" }]));
});
afterAll(() => folder.remove());

// One story on one data folder, in the order of the file.
describe("the companies of a data folder", { timeout: 120_000 }, () => {
  it("are made and listed", async () => {
    const create = ["company", "create", "acme", "--name", "Acme", "--currency", "EUR", "--owner", "ann@acme.example"];
    expect(jsonOf(await run(...create, "--json"))).toMatchObject({ subdomain: "acme", name: "Acme", state: "active" });
    expect(await run(...create)).toMatchObject({ code: 5, stderr: expect.stringContaining("Choose another") });
    expect(await run("company", "create", "admin")).toMatchObject({ code: 2, stderr: expect.stringContaining("kept") });
    expect(await run("company", "create", "nova", "--currency", "euro")).toMatchObject({ code: 2 });
    expect((await run("company", "list")).stdout).toMatch(/^COMPANY +STATE .*\nacme +active +Acme\n$/);
  });

  it("are suspended, with a reason, and resumed", async () => {
    expect(await run("company", "suspend", "acme")).toMatchObject({ code: 2 });
    const suspended = await run("company", "suspend", "acme", "--reason", "The bill is not paid.");
    expect(suspended).toMatchObject({ code: 0, stdout: "Acme is read-only.\n" });
    expect(jsonOf(await run("company", "suspend", "acme", "--lock", "--reason", "Still not.", "--json"))).toMatchObject(
      {
        state: "locked",
        stateReason: "Still not.",
      },
    );
    expect(await run("company", "resume", "acme")).toMatchObject({ code: 0, stdout: "Acme works again.\n" });
    expect(await run("company", "resume", "nobody")).toMatchObject({ code: 4 });
  });

  it("are deleted after days of grace, or at once with everything that they had", async () => {
    await run("import", bill, "--tenant", "acme");
    expect(await run("company", "delete", "acme", "--confirm", "acne")).toMatchObject({ code: 2 });
    expect(await run("company", "delete", "acme", "--confirm", "acme")).toMatchObject({ code: 0 });
    expect(jsonOf(await run("company", "list", "--json"))).toMatchObject({
      companies: [{ subdomain: "acme", state: "leaving", leavesAt: expect.any(String) }],
    });
    expect(await run("company", "resume", "acme")).toMatchObject({ code: 0 });
    expect(await run("company", "delete", "acme", "--confirm", "acme", "--now")).toMatchObject({
      code: 0,
      stdout: "acme is deleted.\n",
    });
    expect(jsonOf(await run("company", "list", "--json"))).toEqual({ companies: [] });
    for (const dir of ["files/tenants", "warehouse"])
      if (existsSync(join(folder.data, dir))) expect(await readdir(join(folder.data, dir))).toEqual([]);
  });
});
