import type { TaskName } from "./engine-tasks.ts";

/** What holds a bill's or a month's rows. All else looks at a few of them, and somebody waits for it. */
const heavyTasks: ReadonlySet<TaskName> = new Set(["normalize", "normalize-together", "build", "build-tables"]);
const heavyAtOnce = 2;

/** Bounds the memory of all engines together: two work on many rows at a time, and one that begins beside another has half. */
export class EngineShares {
  readonly #memoryMb: number;
  readonly #waiting: (() => void)[] = [];
  #heavy = 0;

  constructor(memoryMb: number) {
    this.#memoryMb = memoryMb;
  }

  /** Does the work when it is its turn. Work that is cancelled before that is still begun, to say so itself. */
  async run<T>(task: TaskName, work: (memoryMb: number) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (!heavyTasks.has(task)) return work(this.#memoryMb);
    if (this.#heavy < heavyAtOnce) this.#heavy += 1;
    else if (!(await this.#isItsTurn(signal))) return work(this.#memoryMb);
    try {
      return await work(this.#heavy === 1 ? this.#memoryMb : this.#memoryMb / 2);
    } finally {
      this.#heavy -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** False for what was cancelled meanwhile. */
  #isItsTurn(signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve(false);
      const begin = () => {
        signal?.removeEventListener("abort", leave);
        this.#heavy += 1;
        resolve(true);
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1);
        resolve(false);
      };
      this.#waiting.push(begin);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }
}
