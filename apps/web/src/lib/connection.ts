import { create } from "zustand";
import { ApiProblem } from "./api.ts";

interface Connection {
  isLost: boolean;
  /** How often it was lost and came back: lists that go on by themselves start again with it. */
  returned: number;
}

export const useConnection = create<Connection>()(() => ({ isLost: false, returned: 0 }));

const firstWaitMs = 1000;
const longestWaitMs = 10_000;
let isAsking = false;

/** A request found no server. From now on it is asked whether it is back, less and less often, until it is. */
export function noteLost(error: unknown): void {
  if (!(error instanceof ApiProblem) || error.code !== "offline") return;
  if (!isAsking) void askUntilBack();
}

async function askUntilBack(): Promise<void> {
  isAsking = true;
  useConnection.setState({ isLost: true });
  for (let waitMs = firstWaitMs; !(await isReady()); waitMs = Math.min(longestWaitMs, waitMs * 1.5))
    await Promise.race([wait(waitMs), wakeUp()]);
  isAsking = false;
  useConnection.setState(({ returned }) => ({ isLost: false, returned: returned + 1 }));
}

/** Ready, and not only there: a server that has just started does not answer for costs yet. */
async function isReady(): Promise<boolean> {
  try {
    return (await fetch("/readyz", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A laptop that was opened, a network that is back, somebody who returns to the page: all are reasons to ask at once. */
function wakeUp(): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ["online", "focus", "visibilitychange"])
      addEventListener(event, () => resolve(), { once: true });
  });
}
