import { spawnSync } from "node:child_process";
import { type EventEmitter, once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createApiKey } from "@finops/platform/identity/api-keys";
import { createSession } from "@finops/platform/identity/sessions";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { networkPolicySection } from "@finops/platform/network/network-policy";
import { writeSettings } from "@finops/platform/tenancy/company-settings";
import { createSystemContext } from "@finops/platform/tenancy/context";
import { getTenant } from "@finops/platform/tenancy/tenants";
import { curBill, focusBill } from "@finops/pipeline/testing/sample-bills";
import type { ServerHost } from "@finops/server/host-parts";
import { findPaths } from "@finops/server/paths";
import { serve, type Served } from "@finops/server/serve";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestFolder, type TestFolder } from "./testing/data-folder.ts";
import { finops, jsonOf, type Ran } from "./testing/run-finops.ts";

let folder: TestFolder;
let embedded: ServerHost;
let served: Served;
let bill: string;
const keys = { owner: "", reader: "" };

const machine = { ServiceName: "Amazon EC2", BilledCost: "10.10", EffectiveCost: "8.00000000000000000000000001" };
const bucket = { ServiceName: "Amazon S3", BilledCost: "0.9", EffectiveCost: "0.9" };
const may = ["--tenant", "acme", "--from", "2026-05", "--to", "2026-06"];

/** On the data folder that the server runs on, as from the same machine. */
const here = (...args: string[]) => finops("--data", folder.data, ...args);
/** From anywhere, with a key. */
const there = (key: string, ...args: string[]) => finops("--url", served.url, "--key", key, ...args);

beforeAll(async () => {
  folder = await createTestFolder();
  bill = await folder.write("may/focus.csv", focusBill([machine, bucket]));
  embedded = await folder.open("finops start");
  served = await serve(embedded, { port: 0, webDir: null });
  await here("import", bill, "--tenant", "acme", "--create-tenant");
  const owner = createSystemContext(embedded.host, (await getTenant(embedded.host.db, "acme")).id, "test");
  keys.owner = (
    await createApiKey(owner, {
      name: "owner",
      permissions: ["costs:read", "sources:read", "imports:write", "exports:write", "audit:read"],
    })
  ).key;
  keys.reader = (await createApiKey(owner, { name: "reader", permissions: ["costs:read"] })).key;
});

afterAll(async () => {
  await served.stop();
  await embedded.close();
  await folder.remove();
});

describe("the command line beside a running server", () => {
  it("imports through the server, with the report that the folder itself would give", async () => {
    const ran = await here("import", bill, "--tenant", "second", "--create-tenant", "--json");
    expect(ran.code).toBe(0);
    expect(jsonOf(ran)).toMatchObject({
      source: "focus:111111111111",
      rowsPublished: 2,
      rawCost: { USD: "11" },
      billedCost: { USD: "11" },
      effectiveCost: { USD: "8.90000000000000000000000001" },
      conformance: { version: "1.2" },
      unchanged: false,
    });
  });

  it("writes the proof of a figure, and only to those who may export", async () => {
    const out = join(folder.root, "proof.zip");
    expect(await there(keys.owner, "prove", ...may, "--out", out)).toMatchObject({ code: 0 });
    expect((await readFile(out)).subarray(0, 2).toString("latin1")).toBe("PK");
    const refused = await there(keys.reader, "prove", ...may, "--out", join(folder.root, "none.zip"));
    expect(refused).toMatchObject({ code: 3, stdout: "" });
  });

  it("verifies and seals the audit through the server, for those who may", async () => {
    const whole = await there(keys.owner, "audit", "verify", "--tenant", "acme", "--json");
    expect(whole.code).toBe(0);
    expect(jsonOf(whole)).toMatchObject({ sealed: 0, headHash: expect.stringMatching(/^[0-9a-f]{64}$/), fault: null });
    const seal = ["audit", "seal", "--tenant", "acme", "--before", "2999-01-01"];
    expect(await there(keys.owner, ...seal)).toMatchObject({ code: 3, stdout: "" });
    expect((await here(...seal)).stdout).toMatch(
      /^Entries 1 to \d+ are in tenants\/.+\.jsonl\n {2}sha256 [0-9a-f]{64}\n$/,
    );
    // The seal, and the refusal before it, are younger than what was sealed.
    expect((await here("audit", "verify", "--tenant", "acme")).stdout).toMatch(
      /^The audit is whole: \d+ entries, \d+ of them in files\.\nHash of the newest: [0-9a-f]{64}\n/,
    );
    expect(await there(keys.reader, "audit", "verify", "--tenant", "acme")).toMatchObject({ code: 3, stdout: "" });
  });

  it("makes keys, lists and revokes them", async () => {
    const of = ["--tenant", "acme"];
    const created = await here("keys", "create", ...of, "--name", "CI", "--permission", "costs:read", "sources:read");
    expect(created).toMatchObject({ code: 0, stdout: expect.stringMatching(/^finops_[\w-]{43}\n$/) });
    const key = created.stdout.trim();
    expect(await there(key, "query", ...may, "--by", "serviceName")).toMatchObject({ code: 0 });
    const listed = jsonOf<{ keys: { id: string; name: string }[] }>(await here("keys", "list", ...of, "--json"));
    const { id } = listed.keys.find(({ name }) => name === "CI")!;
    expect((await here("keys", "list", ...of)).stdout).toMatch(
      new RegExp(`^${id} {2}CI {2}${key.slice(0, 12)}… {2}costs:read,sources:read {2}for good, last used `, "m"),
    );
    expect(await here("keys", "create", ...of, "--name", "x", "--permission", "costs:all")).toMatchObject({ code: 2 });
    expect(await there(keys.reader, "keys", "list", ...of)).toMatchObject({ code: 3, stdout: "" });
    expect(await here("keys", "revoke", id, ...of)).toMatchObject({ code: 0 });
    expect(await there(key, "query", ...may)).toMatchObject({ code: 3 });
    expect(await here("keys", "revoke", id, ...of)).toMatchObject({ code: 4 });
  });

  it("takes a second factor away that its owner lost, and makes new data keys", async () => {
    const { db, clock } = embedded.host;
    const { id: tenantId } = await getTenant(db, "acme");
    const email = "lost@acme.example";
    const userId = await ensureUser(db, { email, name: "Lou" });
    await setMember(db, tenantId, userId, "owner");
    const secretSealed = await embedded.host.vault.ofCompany(tenantId).seal("secret", "second-factor");
    await db.inTenant(tenantId, (tx) =>
      tx.secondFactor.create({ data: { userId, secretSealed, createdAt: clock.now(), confirmedAt: clock.now() } }),
    );
    const renewed = await here("secrets", "rotate", "--data-keys", "--json");
    expect(jsonOf<{ renewed: number }>(renewed).renewed).toBeGreaterThanOrEqual(1);
    expect(await embedded.host.vault.ofCompany(tenantId).open(secretSealed, "second-factor")).toBe("secret");
    const reset = (person: string) => here("second-factor", "reset", "--tenant", "acme", "--person", person);
    expect(await reset(email)).toMatchObject({ code: 0 });
    expect(await db.inTenant(tenantId, (tx) => tx.secondFactor.count({ where: { userId } }))).toBe(0);
    expect(await reset("nobody@acme.example")).toMatchObject({ code: 4 });
  });

  it("lists who is signed in, ends one session and all, and lets a company's people in again", async () => {
    const { db, clock } = embedded.host;
    const { id: tenantId } = await getTenant(db, "acme");
    const userId = await ensureUser(db, { email: "ann@acme.example", name: "Ann" });
    await setMember(db, tenantId, userId, "owner");
    for (const address of ["192.0.2.1", "192.0.2.2"])
      await createSession(db, clock, { tenantId, userId, method: "google", address });
    const of = ["--tenant", "acme"];
    const { sessions } = jsonOf<{ sessions: { id: string; address: string }[] }>(
      await here("sessions", "list", ...of, "--json"),
    );
    expect(sessions.map(({ address }) => address)).toEqual(["192.0.2.2", "192.0.2.1"]);
    const end = await here("sessions", "end", ...of, "--session", sessions[0]!.id);
    expect(end).toMatchObject({ code: 0, stdout: "1 session is over.\n" });
    expect((await here("sessions", "list", ...of)).stdout).toMatch(
      /^\S+ {2}ann@acme\.example {2}by google from 192\.0\.2\.1, /,
    );
    expect(await here("sessions", "end", ...of)).toMatchObject({ code: 2 });
    expect((await here("sessions", "end", ...of, "--everyone")).stdout).toBe("1 session is over.\n");
    expect((await here("sessions", "list", ...of)).stdout).toBe("Nobody is signed in.\n");
    expect(await there(keys.reader, "sessions", "list", ...of)).toMatchObject({ code: 3, stdout: "" });
    await db.inTenant(tenantId, (tx) =>
      writeSettings(tx, tenantId, networkPolicySection, { allowedRanges: ["192.0.2.0/24"] }),
    );
    expect(await there(keys.reader, "query", ...may)).toMatchObject({ code: 3, stdout: "" });
    expect(await here("network", "open", ...of)).toMatchObject({ code: 0 });
    expect(await there(keys.reader, "query", ...may)).toMatchObject({ code: 0 });
  });

  it("gives the server's reason when a bill cannot be taken", async () => {
    const torn = await folder.write("torn/focus.csv", "BilledCost\n1\n");
    const ran = await here("import", torn, "--tenant", "second", "--json");
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(JSON.parse(ran.stderr)).toMatchObject({
      error: { code: "invalid", message: expect.stringContaining("focus.csv") },
    });
  });

  it("prints a sign-in link of that server", async () => {
    expect((await here("link", "--tenant", "acme")).stdout).toMatch(
      new RegExp(`^${served.url}/sign-in/[\\w-]{20,}\\n$`),
    );
  });

  it("makes, suspends and deletes companies through the server, for the operator alone", async () => {
    expect(jsonOf(await here("company", "create", "nova", "--json"))).toMatchObject({
      subdomain: "nova",
      name: "nova",
    });
    expect(await here("company", "create", "api")).toMatchObject({ code: 2 });
    const suspend = ["company", "suspend", "nova", "--lock", "--reason", "Unpaid", "--json"];
    expect(jsonOf(await here(...suspend))).toMatchObject({ state: "locked", stateReason: "Unpaid" });
    expect(await there(keys.owner, ...suspend)).toMatchObject({ code: 3, stdout: "" });
    expect(await there(keys.owner, "company", "list")).toMatchObject({ code: 3, stdout: "" });
    expect((await here("company", "list")).stdout).toContain("Unpaid");
    const remove = ["company", "delete", "nova", "--confirm", "nova"];
    expect((await here(...remove)).stdout).toMatch(/^nova is shut, and deleted on \d{4}-/);
    expect(await here("company", "resume", "nova")).toMatchObject({ code: 0 });
    expect(await here(...remove, "--now")).toMatchObject({ code: 0, stdout: "nova is deleted.\n" });
    expect(await here("company", "resume", "nova")).toMatchObject({ code: 4 });
  });

  it("seals that server's secrets under another master key", async () => {
    const before = await readFile(join(folder.data, "master-keys"), "utf8");
    const ran = await here("secrets", "rotate", "--json");
    expect(ran).toMatchObject({ code: 0 });
    expect(jsonOf(ran)).toMatchObject({ source: "file" });
    expect(await readFile(join(folder.data, "master-keys"), "utf8")).not.toBe(before);
    // The server goes on with the new one.
    expect((await here("link", "--tenant", "acme")).code).toBe(0);
  });

  it("says that it is the server who has the folder, to whom looks after the machine", async () => {
    const found = jsonOf<{ findings: { what: string; detail: string }[] }>(await here("doctor", "--json")).findings;
    expect(found.find(({ what }) => what === "Data folder")!.detail).toBe(
      `${folder.data}, in use by the server at ${served.url}`,
    );
    expect(found.find(({ what }) => what === "Port")!.detail).toBe("the server answers");
  });
});

describe("the command line with a server's address and a key", () => {
  it("answers a query as one line of JSON", async () => {
    const ran = await there(keys.reader, "query", ...may, "--by", "serviceName", "--json");
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(jsonOf(ran)).toMatchObject({
      rows: [
        {
          serviceName: "Amazon EC2",
          currency: "USD",
          billedCost: "10.1",
          effectiveCost: "8.00000000000000000000000001",
        },
        { serviceName: "Amazon S3", currency: "USD", billedCost: "0.9", effectiveCost: "0.9" },
      ],
      totals: [{ currency: "USD", values: { billedCost: { value: "11" } } }],
    });
  });

  it("answers a query as CSV, filtered and by day", async () => {
    const byDay = ["--by", "serviceName", "--grain", "day", "--filter", "serviceName starts with 'Amazon S'"];
    const ran = await there(keys.reader, "query", ...may, "--measures", "billedCost", ...byDay, "--format", "csv");
    expect(ran.stdout).toBe("serviceName,time,currency,billedCost\r\nAmazon S3,2026-05-02,USD,0.9\r\n");
  });

  it("answers a query as a table for people, with its totals and where they come from", async () => {
    const ran = await there(keys.reader, "query", ...may, "--by", "serviceName", "--measures", "billedCost");
    const lines = ran.stdout.split("\n");
    expect(lines.slice(0, 4)).toEqual([
      "serviceName  currency  billedCost",
      "Amazon EC2   USD             10.1",
      "Amazon S3    USD              0.9",
      "Total        USD               11",
    ]);
    expect(lines[5]).toMatch(/^From \w+, \d+ rows read, data of 20\d\d-/);
  });

  it("keeps the biggest groups, calls the rest other, and adds shares, running totals and the previous period", async () => {
    const biggest = ["query", ...may, "--by", "serviceName", "--measures", "billedCost", "--top", "1"];
    const more = ["--grain", "month", "--share", "--running-total", "--compare", "previous-period"];
    const ran = await there(keys.reader, ...biggest, ...more, "--format", "csv");
    expect(ran.stderr).toBe("");
    const [header, ...rows] = ran.stdout.trimEnd().split("\r\n");
    expect(header).toBe(
      "serviceName,time,currency,billedCost,comparison.billedCost,runningTotal.billedCost,share.billedCost",
    );
    expect(rows.map((row) => row.split(",").slice(0, 4).join())).toEqual([
      "Amazon EC2,2026-05-01,USD,10.1",
      "(other),2026-05-01,USD,0.9",
    ]);
  });

  it("goes on where a page ended", async () => {
    const page = ["query", ...may, "--by", "serviceName", "--measures", "billedCost", "--limit", "1"];
    const first = await there(keys.reader, ...page);
    const cursor = /More with --cursor (\S+)/.exec(first.stdout)![1]!;
    const second = await there(keys.reader, ...page, "--cursor", cursor);
    expect(second.stdout).toContain("Amazon S3");
    expect(second.stdout).not.toContain("More with");
  });

  it("imports with a key that may, and says so when the key may not", async () => {
    const ran = await there(keys.owner, "import", bill, "--tenant", "acme", "--json");
    expect(jsonOf(ran)).toMatchObject({ unchanged: true, billedCost: { USD: "11" } });
    const refused = await there(keys.reader, "import", bill, "--tenant", "acme", "--json");
    expect(refused).toMatchObject({ code: 3, stdout: "" });
    expect(JSON.parse(refused.stderr).error.code).toBe("forbidden");
  });

  it("takes a bill with columns of one's own, by a mapping file and what it lacks", async () => {
    const own = await folder.write("own/vendor.csv", "Tag,Preis\n2026-05-03,12.34\n2026-05-04,0.66\n");
    const mapping = await folder.write(
      "own/mapping.json",
      JSON.stringify({
        name: "Vendor",
        provider: "Vendor",
        columns: { BilledCost: "Preis", ChargePeriodStart: "Tag" },
      }),
    );
    const wish = ["import", own, "--tenant", "acme", "--mapping", mapping, "--source", "csv"];
    const lacking = await there(keys.owner, ...wish, "--json");
    expect(lacking).toMatchObject({ code: 2, stdout: "" });
    expect(lacking.stderr).toContain("BillingCurrency");
    const ran = await there(keys.owner, ...wish, "--assume", "BillingCurrency=EUR", "--json");
    expect(jsonOf(ran)).toMatchObject({ rowsPublished: 2, billedCost: { EUR: "13" } });
  });

  it("reprocesses on the server", async () => {
    const ran = await there(keys.owner, "reprocess", "--tenant", "acme", "--source", "focus:111111111111", "--json");
    expect(jsonOf(ran)).toMatchObject({ source: "focus:111111111111", billedCost: { USD: "11" } });
  });

  it("writes FOCUS files through the server, and only for those who may export", async () => {
    const out = join(folder.root, "focus.csv");
    const ran = await there(keys.owner, "export", ...may, "--out", out);
    const { rows } = jsonOf<{ rows: number }>(ran);
    const [header, ...lines] = (await readFile(out, "utf8")).trimEnd().split("\n");
    expect(header).toContain("BilledCost");
    expect([rows, lines.length]).toEqual([lines.length, rows]);
    expect(rows).toBeGreaterThan(0);
    const refused = await there(keys.reader, "export", ...may, "--out", join(folder.root, "never.csv"));
    expect(refused).toMatchObject({ code: 3, stdout: "" });
  });

  it("says that a key is missing or wrong, and that nobody answers", async () => {
    expect(await finops("--url", served.url, "query", ...may)).toMatchObject({
      code: 2,
      stderr: "Give the server's API key with --key.\n",
    });
    expect(await there("finops_wrong", "query", ...may)).toMatchObject({
      code: 3,
      stderr: "This key is not valid, or has expired.\n",
    });
    expect(await finops("--url", "http://127.0.0.1:9", "--key", "k", "query", ...may)).toMatchObject({
      code: 7,
      stderr: "The server at http://127.0.0.1:9 does not answer.\n",
    });
  });

  it("says that it does not trust the certificate of a server, and how to", async () => {
    const certs = join(folder.root, "certs");
    spawnSync("bash", [join(findPaths().root, "scripts/make-certs.sh"), certs]);
    const pair = {
      cert: await readFile(join(certs, "localhost.pem")),
      key: await readFile(join(certs, "localhost-key.pem")),
    };
    const other = createHttpsServer(pair, (_, answer) => void answer.end("{}"));
    const url = (await listen(other)).replace("http:", "https:");
    const ran = await finops("--url", url, "--key", "k", "query", ...may);
    other.close();
    expect(ran).toMatchObject({
      code: 7,
      stdout: "",
      stderr: expect.stringContaining("NODE_EXTRA_CA_CERTS=certs/ca.pem"),
    });
  });

  it("does not take the page of some other program for an answer", async () => {
    const other = createServer((_, answer) => void answer.writeHead(404).end("<h1>Not here</h1>"));
    const url = await listen(other);
    const ran = await finops("--url", url, "--key", "k", "query", ...may);
    other.close();
    expect(ran).toMatchObject({ code: 7, stderr: "The server answered 404.\n" });
  });
});

describe("an import through a server that is interrupted", () => {
  it("is cancelled there, and nothing of it is published", async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => ({ ...machine, ResourceId: `i-${i}` }));
    const big = join(folder.root, "big.csv");
    await writeFile(
      big,
      focusBill(many.map((row) => ({ ...row, BillingAccountId: "999999999999", SubAccountId: "9" }))),
    );
    const before = process.listeners("SIGINT");
    const running = there(keys.owner, "import", big, "--tenant", "acme", "--json");
    await untilStarted();
    const [interrupt] = process.listeners("SIGINT").filter((listener) => !before.includes(listener));
    interrupt!("SIGINT");
    const ran: Ran = await running;
    expect(ran).toMatchObject({ code: 5, stdout: "" });
    expect(ran.stderr).toContain("The import was cancelled.");
    const after = await there(keys.reader, "query", ...may, "--filter", "subAccountId = '9'", "--json");
    expect(jsonOf(after)).toMatchObject({ rows: [] });
  });
});

async function untilStarted(): Promise<void> {
  const tenant = await getTenant(embedded.host.db, "acme");
  for (;;) {
    const running = await embedded.host.db.inTenant(tenant.id, (tx) =>
      tx.workItem.count({ where: { kind: "import", state: "running" } }),
    );
    if (running > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function listen(server: Pick<Server, "listen" | "address"> & EventEmitter): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

// A CUR line with a bad cost is data, not an error: the report tells it to people.
describe("the report of an import for people", () => {
  it("names file, line and reason of what was rejected", async () => {
    const other = { "bill/PayerAccountId": "444444444444", "lineItem/UsageAccountId": "555555555555" };
    const aws = await folder.write("aws/cur.csv", curBill([{ ...other, "lineItem/UnblendedCost": "x" }, other]));
    const { code, stdout } = await here("import", aws, "--tenant", "acme");
    expect(code).toBe(0);
    expect(stdout).toContain("rows       2 read = 1 mapped + 1 rejected + 0 dropped");
    expect(stdout).toMatch(/rejected {3}1 × cur\.csv line 2: /);
    expect(stdout).toMatch(/FOCUS 1\.2 {2}\d+ of \d+ rules hold \([\d.]+ %\)/);
  });
});
