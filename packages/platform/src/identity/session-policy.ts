import * as z from "zod";
import type { SettingsSection } from "../tenancy/settings-section.ts";

/** How long sessions of a company last. */
export const SessionPolicy = z.object({
  /** Without use by a person. Remembered devices are not asked for it. */
  idleMinutes: z.int().min(5).max(1440).default(60),
  absoluteHours: z.int().min(1).max(168).default(12),
  /** Of devices that a person asked to be remembered on; 0 remembers none. */
  rememberedDays: z.int().min(0).max(90).default(30),
});

export type SessionPolicy = z.output<typeof SessionPolicy>;

export const sessionPolicySection: SettingsSection<SessionPolicy> = { key: "sessions", schema: SessionPolicy };

const minuteMs = 60_000;

/** When a session that starts is over: in any case, and without use; the latter is null where it does not count. */
export function computeSessionEnds(
  policy: SessionPolicy,
  start: Date,
  isRemembered: boolean,
): { expiresAt: Date; idleUntil: Date | null } {
  const after = (minutes: number) => new Date(start.getTime() + minutes * minuteMs);
  if (isRemembered) return { expiresAt: after(policy.rememberedDays * 1440), idleUntil: null };
  const minutesMax = policy.absoluteHours * 60;
  return { expiresAt: after(minutesMax), idleUntil: after(Math.min(policy.idleMinutes, minutesMax)) };
}
