import { queryClient } from "./query-client.ts";

const channel = new BroadcastChannel("session");
const out = "signed-out";

/** Nothing of the company stays in the memory of this tab, nor of the others that are open here. */
export function leaveEveryTab(): void {
  channel.postMessage(out);
  leave();
}

/** Goes along when another tab signs out. Returns what ends it. */
export function followOtherTabs(): () => void {
  const follow = (event: MessageEvent) => {
    if (event.data === out) leave();
  };
  channel.addEventListener("message", follow);
  return () => channel.removeEventListener("message", follow);
}

function leave(): void {
  queryClient.clear();
  location.assign("/sign-in");
}
