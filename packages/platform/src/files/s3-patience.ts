import type { Readable } from "node:stream";

/** What a call of the SDK is given, so that it can be broken off. */
interface Breakable {
  abortSignal: AbortSignal;
}

/** How long we wait for a store that is silent: one that takes requests and does not answer. */
interface Patience {
  /** Asks, and asks once more after a silence; an answer of any kind ends both. @param bytes that are sent with it */
  ask<T>(call: (on: Breakable) => Promise<T>, bytes?: number): Promise<T>;
  /** The same for what the store works at before it answers: it may put an object together, or copy one. */
  askForWork<T>(call: (on: Breakable) => Promise<T>): Promise<T>;
  /** Reads what an answer brings; how long the reader takes between two pieces does not count. */
  read(body: Readable): AsyncGenerator<Uint8Array>;
}

/** The slowest way on which a piece still arrives. */
const bytesPerSecondMin = 1024 ** 2;
/** How many times longer than a plain answer the store's own work may take. */
const workTimes = 6;

/**
 * Within the time of one call the SDK tries again, with growing pauses, what breaks or is answered with an error; a silence ends
 * the call. Once a second call was silent as well, others are made once until the store answers something: what is tidied up
 * after a failure then waits for little.
 */
export function createPatience(silentMaxMs: number): Patience {
  let isSilent = false;

  async function askWithin<T>(ms: number, call: (on: Breakable) => Promise<T>): Promise<T> {
    for (let callsLeft = isSilent ? 1 : 2; ; callsLeft -= 1) {
      const broken = new AbortController();
      const timer = setTimeout(() => broken.abort(), ms);
      try {
        const answer = await call({ abortSignal: broken.signal });
        isSilent = false;
        return answer;
      } catch (error) {
        isSilent = broken.signal.aborted && callsLeft === 1;
        if (!broken.signal.aborted || callsLeft === 1) throw error;
      } finally {
        clearTimeout(timer);
      }
    }
  }

  return {
    ask: (call, bytes = 0) => askWithin(silentMaxMs + (bytes / bytesPerSecondMin) * 1000, call),
    askForWork: (call) => askWithin(workTimes * silentMaxMs, call),
    async *read(body) {
      const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
      try {
        for (;;) {
          const timer = setTimeout(() => body.destroy(silence()), silentMaxMs);
          const { done, value } = await chunks.next().finally(() => clearTimeout(timer));
          if (done === true) return;
          yield value;
        }
      } finally {
        body.destroy();
      }
    },
  };
}

function silence(): Error {
  return new DOMException("The store broke off in the middle of an answer.", "AbortError");
}
