import { chmodSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTenant } from "../tenancy/tenants.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { makeTestFolder } from "../testing/test-server.ts";
import { createEnvelopeVault } from "./envelope-vault.ts";
import { newMasterKey, readMasterKeys, writeMasterKeys } from "./master-keys.ts";

let test: TestDatabase;
let acme: string;
let beta: string;
const key = newMasterKey();

beforeAll(async () => {
  test = await createTestDatabase();
  acme = (await createTenant(test.db, { slug: "acme", name: "Acme" })).id;
  beta = (await createTenant(test.db, { slug: "beta", name: "Beta" })).id;
});
afterAll(() => test.drop());

const cannotBeOpened = { code: "internal", message: "A stored secret cannot be opened. Enter it again." };

describe("a vault", () => {
  it("gives back what was sealed, to the same company and record alone", async () => {
    const vault = createEnvelopeVault(test.db, () => [key]);
    const sealed = await vault.ofCompany(acme).seal("s3cret", "provider 1");
    expect(sealed).not.toContain("s3cret");
    expect(await vault.ofCompany(acme).open(sealed, "provider 1")).toBe("s3cret");
    // A second process with the same key, which has nothing in memory.
    expect(
      await createEnvelopeVault(test.db, () => [key])
        .ofCompany(acme)
        .open(sealed, "provider 1"),
    ).toBe("s3cret");
    await vault.ofCompany(beta).seal("other", "provider 1");
    await expect(vault.ofCompany(acme).open(sealed, "provider 2")).rejects.toMatchObject(cannotBeOpened);
    await expect(vault.ofCompany(beta).open(sealed, "provider 1")).rejects.toMatchObject(cannotBeOpened);
    await expect(vault.open(sealed, "provider 1")).rejects.toMatchObject(cannotBeOpened);
  });

  it("seals the same text differently each time, and finds every changed bit", async () => {
    const vault = createEnvelopeVault(test.db, () => [key]).ofCompany(acme);
    const sealed = await vault.seal("s3cret", "a");
    expect(await vault.seal("s3cret", "a")).not.toBe(sealed);
    const at = sealed.lastIndexOf(".") + 1;
    const bytes = Buffer.from(sealed.slice(at), "base64url");
    for (let bit = 0; bit < bytes.length * 8; bit += 5) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const text = sealed.slice(0, at) + changed.toString("base64url");
      await expect(vault.open(text, "a")).rejects.toMatchObject(cannotBeOpened);
    }
  });

  it("says which master key is missing", async () => {
    const sealed = await createEnvelopeVault(test.db, () => [key])
      .ofCompany(acme)
      .seal("s3cret", "a");
    const other = createEnvelopeVault(test.db, () => [newMasterKey()]);
    await expect(other.ofCompany(acme).open(sealed, "a")).rejects.toMatchObject({
      code: "precondition",
      message: expect.stringMatching(/sealed under the master key [0-9a-f]{8}, which this installation does not have/),
    });
  });

  it("keeps no key that its transaction took back", async () => {
    const gamma = (await createTenant(test.db, { slug: "gamma", name: "Gamma" })).id;
    const vault = createEnvelopeVault(test.db, () => [key]).ofCompany(gamma);
    const failing = test.db.inTenant(gamma, async () => {
      await vault.seal("lost", "a");
      throw new Error("taken back");
    });
    await expect(failing).rejects.toThrow("taken back");
    const sealed = await vault.seal("kept", "a");
    expect(
      await createEnvelopeVault(test.db, () => [key])
        .ofCompany(gamma)
        .open(sealed, "a"),
    ).toBe("kept");
  });

  it("opens what several sealed who were the first at once", async () => {
    const delta = (await createTenant(test.db, { slug: "delta", name: "Delta" })).id;
    const vault = createEnvelopeVault(test.db, () => [key]).ofCompany(delta);
    const sealed = await Promise.all([1, 2, 3, 4].map((n) => vault.seal(`text ${n}`, "a")));
    expect(await Promise.all(sealed.map((text) => vault.open(text, "a")))).toEqual(
      [1, 2, 3, 4].map((n) => `text ${n}`),
    );
  });

  it("rotates: with both keys everything opens, and after it the old one is not needed", async () => {
    const next = newMasterKey();
    const before = createEnvelopeVault(test.db, () => [key]);
    const company = await before.ofCompany(acme).seal("of acme", "a");
    const own = await before.seal("of all", "signing-key 1");
    const during = createEnvelopeVault(test.db, () => [next, key]);
    expect(await during.ofCompany(acme).open(company, "a")).toBe("of acme");
    expect(await during.rewrap()).toBeGreaterThanOrEqual(2);
    expect(await during.rewrap()).toBe(0);
    const after = createEnvelopeVault(test.db, () => [next]);
    expect([await after.ofCompany(acme).open(company, "a"), await after.open(own, "signing-key 1")]).toEqual([
      "of acme",
      "of all",
    ]);
    await expect(createEnvelopeVault(test.db, () => [key]).open(own, "signing-key 1")).rejects.toMatchObject({
      code: "precondition",
    });
    await createEnvelopeVault(test.db, () => [key, next]).rewrap();
  });
});

describe("data keys", () => {
  it("are followed by new ones, and still open what they sealed", async () => {
    const vault = createEnvelopeVault(test.db, () => [key]);
    const company = () => vault.ofCompany(acme);
    const [before, own] = [await company().seal("of acme", "a"), await vault.seal("of all", "signing-key 1")];
    const owners = await vault.renew();
    expect(owners).toBeGreaterThanOrEqual(2);
    const after = await company().seal("of acme", "a");
    const keyOf = (sealed: string) => sealed.split(".")[1];
    expect(keyOf(after)).not.toBe(keyOf(before));
    expect(keyOf(await vault.seal("of all", "b"))).not.toBe(keyOf(own));
    for (const sealed of [before, after]) expect(await company().open(sealed, "a")).toBe("of acme");
    expect(await vault.open(own, "signing-key 1")).toBe("of all");
    // As many as there are owners, however many keys those have by now.
    expect(await vault.renew()).toBe(owners);
    // A rotation of the master key reaches those of before too.
    const next = newMasterKey();
    await createEnvelopeVault(test.db, () => [next, key]).rewrap();
    const rotated = createEnvelopeVault(test.db, () => [next]);
    expect(await rotated.ofCompany(acme).open(before, "a")).toBe("of acme");
    await createEnvelopeVault(test.db, () => [key, next]).rewrap();
  });
});

describe("master keys", () => {
  it("come from the environment, else from a file that only its owner reads, made at the first start", () => {
    const folder = makeTestFolder();
    try {
      const [made] = readMasterKeys({}, folder);
      expect(statSync(join(folder, "master-keys")).mode & 0o777).toBe(0o600);
      expect(readMasterKeys({}, folder)).toEqual([made]);
      const [first, second] = [newMasterKey(), newMasterKey()];
      const text = [first, second].map((one) => Buffer.from(one).toString("base64")).join(",");
      expect(readMasterKeys({ FINOPS_MASTER_KEY: text }, folder)).toEqual([first, second]);
      writeMasterKeys(folder, [second]);
      expect(readMasterKeys({}, folder)).toEqual([second]);
      chmodSync(join(folder, "master-keys"), 0o644);
      expect(() => readMasterKeys({}, folder)).toThrow(/Others may read .*mode 644.*chmod 600/);
      expect(() => readMasterKeys({ FINOPS_MASTER_KEY: "abc" }, folder)).toThrow(/not 32 bytes as base64/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
