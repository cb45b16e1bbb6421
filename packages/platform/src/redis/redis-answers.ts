import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import type { Logger } from "../observe/log.ts";
import type { SharedRedis } from "./shared-redis.ts";

/** Answers that processes share, by the whole question. */
export interface RedisAnswers {
  /** Null where nobody knows it, and where Redis is away. */
  get(question: string): Promise<string | null>;
  /** Never fails: what is not kept is worked out again. */
  put(question: string, answer: string): Promise<void>;
}

export interface RedisAnswersOptions {
  redis: SharedRedis;
  /** Of 32 bytes; asked for each time, since it may be replaced. */
  key: () => Uint8Array;
  log: Logger;
  keepSeconds?: number;
  /** How long Redis is left alone after it did not answer. */
  pauseMs?: number;
}

const [compress, unpack] = [promisify(deflateRaw), promisify(inflateRaw)];
const answerMaxBytes = 1024 ** 2;
const [ivBytes, tagBytes] = [12, 16];
const cipher = "aes-256-gcm";

/**
 * Keeps answers of up to 1 MiB, sealed: whoever reads Redis learns no costs, and whoever writes to it changes no figure, since
 * an answer opens for its own question alone.
 */
export function createRedisAnswers(options: RedisAnswersOptions): RedisAnswers {
  const { redis, key, log, keepSeconds = 3600, pauseMs = 1000 } = options;
  let tryAgainAtMs = 0;

  async function reach<T>(work: () => Promise<T>): Promise<T | null> {
    if (performance.now() < tryAgainAtMs) return null;
    try {
      return await work();
    } catch (error) {
      log.debug({ reason: String(error) }, "answers are not shared: Redis does not answer");
      tryAgainAtMs = performance.now() + pauseMs;
      return null;
    }
  }

  return {
    async get(question) {
      const { name, bound } = nameOf(question);
      const sealed = await reach(() => redis.get(name));
      if (sealed === null) return null;
      const opened = open(key(), sealed, bound);
      return opened === null ? null : (await unpack(opened, { maxOutputLength: answerMaxBytes })).toString();
    },
    async put(question, answer) {
      const bytes = Buffer.from(answer);
      if (bytes.length > answerMaxBytes) return;
      const { name, bound } = nameOf(question);
      const sealed = seal(key(), await compress(bytes, { level: 1 }), bound);
      await reach(() => redis.put(name, sealed, keepSeconds));
    },
  };
}

function nameOf(question: string): { name: string; bound: Buffer } {
  const bound = createHash("sha256").update(question).digest();
  return { name: `answer:${bound.toString("base64url")}`, bound };
}

function seal(key: Uint8Array, bytes: Uint8Array, bound: Uint8Array): Buffer {
  const iv = randomBytes(ivBytes);
  const sealing = createCipheriv(cipher, key, iv).setAAD(bound);
  const sealed = [sealing.update(bytes), sealing.final()];
  return Buffer.concat([iv, sealing.getAuthTag(), ...sealed]);
}

/** Null for what was changed, moved, or sealed with another key. */
function open(key: Uint8Array, sealed: Uint8Array, bound: Uint8Array): Buffer | null {
  const tagEnd = ivBytes + tagBytes;
  if (sealed.length <= tagEnd) return null;
  try {
    const opening = createDecipheriv(cipher, key, sealed.subarray(0, ivBytes), { authTagLength: tagBytes })
      .setAAD(bound)
      .setAuthTag(sealed.subarray(ivBytes, tagEnd));
    return Buffer.concat([opening.update(sealed.subarray(tagEnd)), opening.final()]);
  } catch {
    return null;
  }
}
