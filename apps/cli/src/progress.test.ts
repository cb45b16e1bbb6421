import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watchProgress } from "./progress.ts";

const progress = {
  stage: "normalize",
  label: "AWS cost and usage report",
  share: 0.426,
  rows: 12_000,
  rowsPerSecond: 4000,
  secondsLeft: 4,
} as const;

function page(isTTY: boolean) {
  const texts: string[] = [];
  return { isTTY, texts, write: (text: string) => texts.push(text) };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

describe("progress", () => {
  it("is one line of a terminal that is written over, and cleared at the end", () => {
    const terminal = page(true);
    const watch = watchProgress(terminal);
    watch.onProgress(progress);
    watch.onProgress({ ...progress, share: 1, rowsPerSecond: 0, secondsLeft: null });
    watch.end();
    expect(terminal.texts).toEqual([
      "\r\u001b[K43 % normalize AWS cost and usage report, 12,000 rows at 4,000/s, 4 s left",
      "\r\u001b[K100 % normalize AWS cost and usage report",
      "\r\u001b[K",
    ]);
  });

  it("clears nothing where nothing was shown", () => {
    const terminal = page(true);
    watchProgress(terminal).end();
    expect(terminal.texts).toEqual([]);
  });

  it("is a line every five seconds in a file", () => {
    const file = page(false);
    const watch = watchProgress(file);
    for (const seconds of [1, 2, 3]) {
      vi.advanceTimersByTime(2000);
      watch.onProgress({ ...progress, share: seconds / 4 });
    }
    watch.end();
    expect(file.texts).toEqual(["75 % normalize AWS cost and usage report, 12,000 rows at 4,000/s, 4 s left\n"]);
  });

  it("becomes a cancel when Ctrl-C is pressed, and an end at once when it is pressed again", () => {
    const terminal = page(true);
    const before = process.listeners("SIGINT");
    const watch = watchProgress(terminal);
    const [pressed] = process.listeners("SIGINT").filter((listener) => !before.includes(listener));
    const exit = vi.spyOn(process, "exit").mockImplementation((code) => {
      throw new Error(`exit ${code}`);
    });
    pressed!("SIGINT");
    expect(watch.signal.aborted).toBe(true);
    expect(terminal.texts).toEqual(["\nCancelling …\n"]);
    expect(() => pressed!("SIGINT")).toThrow("exit 130");
    exit.mockRestore();
    watch.end();
    expect(process.listeners("SIGINT")).toEqual(before);
  });
});
