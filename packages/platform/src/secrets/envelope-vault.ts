import type { webcrypto } from "node:crypto";
import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import type { Database } from "../db/database.ts";
import { hashToken } from "../identity/tokens.ts";
import type { Vault } from "./vault.ts";

/** The vault of an installation. What belongs to a company is sealed under a key of that company. */
export interface InstallationVault extends Vault {
  ofCompany(tenantId: string): Vault;
  /** Seals every data key anew under the first master key, and returns how many were sealed under another one. */
  rewrap(): Promise<number>;
  /**
   * Gives every owner of a data key a new one, which seals from now on; those of before stay, to open what they sealed. Returns
   * how many were made.
   */
  renew(): Promise<number>;
}

/** A key that seals texts, as it is kept: sealed itself by a master key. */
interface DataKeyRow {
  id: string;
  masterKeyId: string;
  wrapped: string;
}

interface MasterKey {
  id: string;
  key: webcrypto.CryptoKey;
}

/** Where the data keys of one owner are kept. */
interface KeyShelf {
  owner: string;
  /** The newest first. */
  list(): Promise<DataKeyRow[]>;
  keep(row: DataKeyRow): Promise<void>;
}

const installation = "installation";

/**
 * AES-256-GCM with keys per company (and some for the installation), each kept in the database under a master key that is not
 * there. Company and record are bound as associated data, so a sealed text that was moved does not open. Web Crypto only, so
 * that it runs in a Worker too.
 * @param masterKeys asked for each time, so that a rotation holds at once; the first one seals
 */
export function createEnvelopeVault(db: Database, masterKeys: () => readonly Uint8Array[]): InstallationVault {
  // By the wrapped text: a row that was taken back with its transaction is never found here under another one.
  const opened = new Map<string, webcrypto.CryptoKey>();

  async function openDataKey({ owner }: KeyShelf, row: DataKeyRow): Promise<webcrypto.CryptoKey> {
    const cached = opened.get(row.wrapped);
    if (cached !== undefined) return cached;
    const key = await importKey(await unwrap(owner, row));
    opened.set(row.wrapped, key);
    return key;
  }

  async function unwrap(owner: string, row: DataKeyRow): Promise<Uint8Array> {
    const known = await Promise.all(masterKeys().map(toMasterKey));
    const master = known.find(({ id }) => id === row.masterKeyId);
    if (master === undefined)
      throw new AppError(
        "precondition",
        `Secrets are sealed under the master key ${row.masterKeyId}, which this installation does not have (it has ${known.map(({ id }) => id).join(", ")}). Put that key back into FINOPS_MASTER_KEY or the file master-keys of the data folder.`,
      );
    return decrypt(master.key, row.wrapped, ["data-key", owner, row.id]);
  }

  async function wrap(owner: string, id: string, bytes: Uint8Array): Promise<DataKeyRow> {
    const master = await toMasterKey(masterKeys()[0]!);
    return { id, masterKeyId: master.id, wrapped: await encrypt(master.key, bytes, ["data-key", owner, id]) };
  }

  async function make({ owner, keep }: KeyShelf): Promise<DataKeyRow> {
    const row = await wrap(owner, newId(), crypto.getRandomValues(new Uint8Array(32)));
    await keep(row);
    return row;
  }

  function vaultOf(shelf: KeyShelf): Vault {
    return {
      async seal(plaintext, binding) {
        const row = (await shelf.list())[0] ?? (await make(shelf));
        const key = await openDataKey(shelf, row);
        const text = await encrypt(key, new TextEncoder().encode(plaintext), ["secret", shelf.owner, binding]);
        return `v1.${row.id}.${text}`;
      },
      async open(sealed, binding) {
        const [version, id, text] = sealed.split(".");
        const row = (await shelf.list()).find((one) => one.id === id);
        if (version !== "v1" || text === undefined || row === undefined)
          throw new AppError("internal", "A stored secret cannot be opened. Enter it again.", {
            internal: `sealed under data key ${id ?? "?"}, which ${shelf.owner} does not have`,
          });
        const bytes = await decrypt(await openDataKey(shelf, row), text, ["secret", shelf.owner, binding]);
        return new TextDecoder().decode(bytes);
      },
    };
  }

  const listKeys = () =>
    db.inDirectory(
      (tx) => tx.$queryRaw<(DataKeyRow & { tenantId: string | null })[]>`
        select tenant_id as "tenantId", id, master_key_id as "masterKeyId", wrapped from list_data_keys()`,
    );

  return {
    ...vaultOf(installationShelf(db)),
    ofCompany: (tenantId) => vaultOf(companyShelf(db, tenantId)),
    async rewrap() {
      const current = (await toMasterKey(masterKeys()[0]!)).id;
      const old = (await listKeys()).filter((row) => row.masterKeyId !== current);
      for (const row of old) {
        const owner = row.tenantId ?? installation;
        const next = await wrap(owner, row.id, await unwrap(owner, row));
        await db.inDirectory(
          (tx) =>
            tx.$queryRaw`select rewrap_data_key(${row.id}::uuid, ${row.wrapped}, ${next.masterKeyId}, ${next.wrapped})`,
        );
      }
      return old.length;
    },
    async renew() {
      const owners = new Set((await listKeys()).map(({ tenantId }) => tenantId));
      for (const tenantId of owners) await make(tenantId === null ? installationShelf(db) : companyShelf(db, tenantId));
      return owners.size;
    },
  };
}

function companyShelf(db: Database, tenantId: string): KeyShelf {
  const select = { id: true, masterKeyId: true, wrapped: true } as const;
  return {
    owner: tenantId,
    // Ids rise with the time at which they were made.
    list: () =>
      db.inTenant(tenantId, (tx) => tx.dataKey.findMany({ where: { tenantId }, select, orderBy: { id: "desc" } })),
    keep: async (row) => {
      await db.inTenant(tenantId, (tx) => tx.dataKey.create({ data: { tenantId, ...row } }));
    },
  };
}

function installationShelf(db: Database): KeyShelf {
  return {
    owner: installation,
    list: () =>
      db.inDirectory(
        (tx) => tx.$queryRaw<DataKeyRow[]>`
          select id, master_key_id as "masterKeyId", wrapped from list_installation_keys()`,
      ),
    keep: async ({ id, masterKeyId, wrapped }) => {
      await db.inDirectory(
        (tx) => tx.$queryRaw`select keep_installation_key(${id}::uuid, ${masterKeyId}, ${wrapped})::text`,
      );
    },
  };
}

/** Its id is a part of its hash, so a key that was replaced is never taken for the one before. */
async function toMasterKey(bytes: Uint8Array): Promise<MasterKey> {
  const hash = await hashToken(`finops master key ${Buffer.from(bytes).toString("base64")}`);
  return { id: hash.slice(0, 8), key: await importKey(bytes) };
}

function importKey(bytes: Uint8Array): Promise<webcrypto.CryptoKey> {
  return crypto.subtle.importKey("raw", new Uint8Array(bytes), "AES-GCM", false, ["encrypt", "decrypt"]);
}

const ivBytes = 12;

async function encrypt(key: webcrypto.CryptoKey, plaintext: Uint8Array, bound: readonly string[]): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const sealed = await crypto.subtle.encrypt(algorithm(iv, bound), key, new Uint8Array(plaintext));
  return Buffer.concat([iv, new Uint8Array(sealed)]).toString("base64url");
}

async function decrypt(key: webcrypto.CryptoKey, text: string, bound: readonly string[]): Promise<Uint8Array> {
  const bytes = new Uint8Array(Buffer.from(text, "base64url"));
  try {
    const plaintext = await crypto.subtle.decrypt(
      algorithm(bytes.subarray(0, ivBytes), bound),
      key,
      bytes.subarray(ivBytes),
    );
    return new Uint8Array(plaintext);
  } catch (cause) {
    throw new AppError("internal", "A stored secret cannot be opened. Enter it again.", {
      internal: `a sealed text was changed, or was moved to ${bound.join(" ")}`,
      cause,
    });
  }
}

function algorithm(iv: Uint8Array, bound: readonly string[]): webcrypto.AesGcmParams {
  return {
    name: "AES-GCM",
    iv: new Uint8Array(iv),
    additionalData: new TextEncoder().encode(JSON.stringify(bound)),
    tagLength: 128,
  };
}
