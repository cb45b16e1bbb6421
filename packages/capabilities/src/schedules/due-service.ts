import type { Host } from "@finops/platform/host";

/** Asks for the companies where a time has come, or where something waits for its next attempt. */
export async function askForDueSchedules(host: Host): Promise<void> {
  await host.db.inDirectory((tx) => tx.$queryRaw`select ask_for_due_schedules(${host.clock.now()})::text`);
}
