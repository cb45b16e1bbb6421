import type { ImportProgress } from "@finops/capabilities/sources/contract";
import type { Watch } from "./platform.ts";

/** What of a terminal, or of a file that output goes into, progress is written to. */
interface ProgressStream {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** Without a terminal a line stays, so they come seldom. */
const lineEveryMs = 5000;

/** Shows progress on stderr and turns Ctrl-C into a cancel; a second Ctrl-C ends at once. */
export function watchProgress(stream: ProgressStream = process.stderr): Watch & { end(): void } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130);
    stream.write("\nCancelling …\n");
    controller.abort();
  };
  process.on("SIGINT", onSignal);
  const isTerminal = stream.isTTY === true;
  let shownAt = performance.now();
  let isShown = false;
  return {
    signal: controller.signal,
    onProgress(progress) {
      if (!isTerminal && performance.now() - shownAt < lineEveryMs) return;
      shownAt = performance.now();
      isShown = true;
      const line = progressText(progress);
      stream.write(isTerminal ? `\r\u001b[K${line}` : `${line}\n`);
    },
    end() {
      process.off("SIGINT", onSignal);
      if (isTerminal && isShown) stream.write("\r\u001b[K");
    },
  };
}

function progressText({ share, stage, label, rows, rowsPerSecond, secondsLeft }: ImportProgress): string {
  const speed =
    rowsPerSecond > 0 ? `, ${rows.toLocaleString("en")} rows at ${rowsPerSecond.toLocaleString("en")}/s` : "";
  return `${Math.round(share * 100)} % ${stage} ${label}${speed}${secondsLeft === null ? "" : `, ${secondsLeft} s left`}`;
}
