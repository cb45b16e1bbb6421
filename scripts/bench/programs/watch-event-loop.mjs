// Loaded into the server by `node --import`: answers over the parent's pipe for how long the event loop was blocked at most
// since the last time it was asked. Plain JavaScript, since the production bundle runs without tsx.
import { monitorEventLoopDelay } from "node:perf_hooks";

const resolutionMs = 10;
const delay = monitorEventLoopDelay({ resolution: resolutionMs });
delay.enable();
process.on("message", (message) => {
  if (message !== "event-loop-delay") return;
  // The histogram counts the timer's own interval too.
  process.send({
    longestMs: Math.max(0, delay.max / 1e6 - resolutionMs),
    p99Ms: Math.max(0, delay.percentile(99) / 1e6 - resolutionMs),
  });
  delay.reset();
});
process.channel?.unref();
