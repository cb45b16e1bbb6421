import type { Env } from "./env.ts";
import type { LiveRoom } from "./live-room.ts";

/** The room of a company. */
export function roomOf({ LIVE }: Env, tenantId: string): Pick<LiveRoom, "fetch" | "ring"> {
  return LIVE.get(LIVE.idFromName(tenantId)) as unknown as Pick<LiveRoom, "fetch" | "ring">;
}
