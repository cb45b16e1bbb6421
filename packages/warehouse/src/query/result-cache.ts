import { AppError } from "@finops/kernel/app-error";

interface Flight {
  value: Promise<{ value: unknown; text: string; isKnown: boolean }>;
  waiting: number;
  controller: AbortController;
}

/** What other processes have worked out already. Neither fails: what cannot be had is worked out again. */
export interface SharedAnswers {
  get(question: string): Promise<string | null>;
  put(question: string, answer: string): Promise<void>;
}

/** Keeps answers as JSON within a number of bytes, the least used going first; the same question at the same time is worked out once. */
export class ResultCache {
  readonly #bytesMax: number;
  readonly #shared: SharedAnswers | null;
  readonly #waitsForOthers: boolean;
  /** In the order of last use. */
  readonly #kept = new Map<string, string>();
  readonly #flights = new Map<string, Flight>();
  #bytes = 0;

  /** @param waitsForOthers false, where the same question at the same time is worked out by each who asks */
  constructor({
    bytesMax,
    shared = null,
    waitsForOthers = true,
  }: {
    bytesMax: number;
    shared?: SharedAnswers | null;
    waitsForOthers?: boolean;
  }) {
    this.#bytesMax = bytesMax;
    this.#shared = shared;
    this.#waitsForOthers = waitsForOthers;
  }

  /** `compute` is cancelled when everybody who waits for it is gone. An answer that fails is not kept. */
  async get<T>(
    key: string,
    compute: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<{ value: T; fromCache: boolean }> {
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return { value: JSON.parse(kept) as T, fromCache: true };
    }
    const known = this.#flights.get(key);
    const flight = known ?? this.#start(key, compute);
    const { value, text, isKnown } = await this.#join(key, flight, signal);
    // Whoever asked first has the answer for itself; the others get copies.
    return known === undefined
      ? { value: value as T, fromCache: isKnown }
      : { value: JSON.parse(text) as T, fromCache: true };
  }

  #start<T>(key: string, compute: (signal: AbortSignal) => Promise<T>): Flight {
    const controller = new AbortController();
    const flight: Flight = {
      controller,
      waiting: 0,
      value: this.#find(key, compute, controller.signal),
    };
    if (this.#waitsForOthers) this.#flights.set(key, flight);
    flight.value.then(
      ({ text }) => {
        this.#land(key, flight);
        this.#keep(key, text);
      },
      () => this.#land(key, flight),
    );
    return flight;
  }

  async #find<T>(key: string, compute: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Flight["value"] {
    const known = (await this.#shared?.get(key)) ?? null;
    if (known !== null) return { value: JSON.parse(known), text: known, isKnown: true };
    const value = await compute(signal);
    const text = JSON.stringify(value);
    // Nobody waits for it.
    void this.#shared?.put(key, text);
    return { value, text, isKnown: false };
  }

  #land(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }

  #join(key: string, flight: Flight, signal: AbortSignal | undefined): Flight["value"] {
    flight.waiting += 1;
    return new Promise((resolve, reject) => {
      const leave = () => {
        flight.waiting -= 1;
        if (flight.waiting === 0) {
          // Whoever asks from now on starts anew.
          this.#land(key, flight);
          flight.controller.abort();
        }
        reject(new AppError("precondition", "The query was cancelled."));
      };
      if (signal?.aborted === true) return leave();
      signal?.addEventListener("abort", leave, { once: true });
      flight.value.then(resolve, reject).finally(() => signal?.removeEventListener("abort", leave));
    });
  }

  #keep(key: string, text: string): void {
    // A character takes up to two bytes.
    const bytes = 2 * (key.length + text.length);
    if (bytes > this.#bytesMax / 10) return;
    this.#kept.set(key, text);
    this.#bytes += bytes;
    for (const [oldest, value] of this.#kept) {
      if (this.#bytes <= this.#bytesMax) break;
      this.#kept.delete(oldest);
      this.#bytes -= 2 * (oldest.length + value.length);
    }
  }
}
