import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";

/** A device with one passkey, made of software: it answers as a browser would pass it on. */
export interface TestAuthenticator {
  create(options: Record<string, unknown>, origin: string): object;
  get(options: Record<string, unknown>, origin: string, fault?: AssertionFault): object;
}

export interface AssertionFault {
  rpId?: string;
  /** Whether the device checked the person. */
  isVerified?: boolean;
  breaksSignature?: boolean;
}

export function createAuthenticator(): TestAuthenticator {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const id = randomBytes(16);
  let count = 0;

  const clientData = (type: string, challenge: unknown, origin: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const authenticatorData = (rpId: string, flags: number, attested: Buffer = Buffer.alloc(0)) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE((count += 1));
    return Buffer.concat([sha256(Buffer.from(rpId)), Buffer.from([flags]), counter, attested]);
  };

  return {
    create(options, origin) {
      const { id: rpId } = options["rp"] as { id: string };
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const attested = Buffer.concat([Buffer.alloc(16), length, id, coseKey(publicKey)]);
      const attestation = new Map<string, unknown>([
        ["fmt", "none"],
        ["attStmt", new Map()],
        // Present, verified, and with a key.
        ["authData", new Uint8Array(authenticatorData(rpId, 0x45, attested))],
      ]);
      return credential(id, {
        clientDataJSON: base64url(clientData("webauthn.create", options["challenge"], origin)),
        attestationObject: base64url(isoCBOR.encode(attestation as never)),
        transports: ["internal"],
      });
    },
    get(options, origin, { rpId, isVerified = true, breaksSignature = false } = {}) {
      const data = authenticatorData(rpId ?? new URL(origin).hostname, isVerified ? 0x05 : 0x01);
      const client = clientData("webauthn.get", options["challenge"], origin);
      const key: KeyObject = breaksSignature
        ? foreignKey()
        : createPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" }));
      const signature = sign("sha256", Buffer.concat([data, sha256(client)]), key);
      return credential(id, {
        clientDataJSON: base64url(client),
        authenticatorData: base64url(data),
        signature: base64url(signature),
      });
    },
  };
}

function credential(id: Buffer, response: object): object {
  return {
    id: base64url(id),
    rawId: base64url(id),
    type: "public-key",
    response,
    clientExtensionResults: {},
    authenticatorAttachment: "platform",
  };
}

/** An ES256 key as COSE writes it (RFC 9053, 7.1.1). */
function coseKey(publicKey: KeyObject): Buffer {
  const { x, y } = publicKey.export({ format: "jwk" });
  const key = new Map<number, unknown>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, new Uint8Array(Buffer.from(x!, "base64url"))],
    [-3, new Uint8Array(Buffer.from(y!, "base64url"))],
  ]);
  return Buffer.from(isoCBOR.encode(key as never));
}

function foreignKey(): KeyObject {
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
}

function sha256(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}
