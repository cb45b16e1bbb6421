import { SessionPolicy } from "@finops/platform/identity/session-policy";
import { NetworkPolicy } from "@finops/platform/network/network-policy";
import * as z from "zod";

export { NetworkPolicy, SessionPolicy };

/** A device on which somebody is signed in. */
export const Session = z
  .object({
    id: z.string(),
    user: z.object({ id: z.string(), name: z.string(), email: z.string() }),
    /** The way in which they signed in. */
    method: z.string(),
    userAgent: z.string(),
    address: z.string().nullable(),
    isRemembered: z.boolean(),
    createdAt: z.string(),
    /** To five minutes. */
    lastSeenAt: z.string(),
    expiresAt: z.string(),
    idleUntil: z.string().nullable(),
    /** Whether it is the one that asks. */
    isCurrent: z.boolean(),
  })
  .meta({ id: "Session" });
export type Session = z.infer<typeof Session>;

export const SessionList = z.object({ sessions: z.array(Session) });
export type SessionList = z.infer<typeof SessionList>;

export const SessionsParameters = z.object({
  /** Own, or those of everybody in the company. */
  of: z.enum(["me", "everyone"]).default("me"),
});
export type SessionsParameters = z.input<typeof SessionsParameters>;

export const EndedSessions = z.object({ ended: z.int() });
export type EndedSessions = z.infer<typeof EndedSessions>;

/** A policy as it is sent: whole, without defaults, so that nothing is changed that was not meant. */
export const SessionPolicyInput = z
  .strictObject({
    idleMinutes: z.int().min(5).max(1440),
    absoluteHours: z.int().min(1).max(168),
    rememberedDays: z.int().min(0).max(90),
  })
  .meta({ example: { idleMinutes: 60, absoluteHours: 12, rememberedDays: 30 } });

export const NetworkPolicyInput = z
  .strictObject({ allowedRanges: z.array(z.string().max(64)).max(200) })
  .meta({ example: { allowedRanges: [] } });
