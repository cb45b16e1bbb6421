import type { ImportProgress } from "@finops/capabilities/sources/contract";
import type { Watch } from "./platform.ts";

/** Shows progress on stderr and turns Ctrl-C into a cancel; a second Ctrl-C ends at once. */
export function watchProgress(): Watch & { end(): void } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130);
    process.stderr.write("\nCancelling …\n");
    controller.abort();
  };
  process.on("SIGINT", onSignal);
  let shown = 0;
  return {
    signal: controller.signal,
    onProgress(progress) {
      if (!process.stderr.isTTY && performance.now() - shown < 5000) return;
      shown = performance.now();
      const line = progressText(progress);
      process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
    },
    end() {
      process.off("SIGINT", onSignal);
      if (process.stderr.isTTY && shown > 0) process.stderr.write("\r\u001b[K");
    },
  };
}

function progressText({ share, stage, label, rows, rowsPerSecond, secondsLeft }: ImportProgress): string {
  const speed =
    rowsPerSecond > 0 ? `, ${rows.toLocaleString("en")} rows at ${rowsPerSecond.toLocaleString("en")}/s` : "";
  return `${Math.round(share * 100)} % ${stage} ${label}${speed}${secondsLeft === null ? "" : `, ${secondsLeft} s left`}`;
}
