import type { Grant } from "@finops/capabilities/people/contract";
import { formatInstant } from "@finops/ui/text/format-day";

type GrantTimes = Pick<Grant, "validFrom" | "validUntil" | "revokedAt" | "isInForce">;

/** Where a grant stands, in a word and its tone. */
export function grantState(grant: GrantTimes, now: Date): { label: string; tone: "good" | "neutral" | "warning" } {
  if (grant.revokedAt !== null) return { label: "Revoked", tone: "neutral" };
  if (grant.validUntil !== null && Date.parse(grant.validUntil) <= now.getTime())
    return { label: "Ended", tone: "neutral" };
  if (!grant.isInForce) return { label: "To come", tone: "neutral" };
  if (grant.validUntil !== null && Date.parse(grant.validUntil) - now.getTime() < endsSoonMs)
    return { label: "Ends soon", tone: "warning" };
  return { label: "In force", tone: "good" };
}

const endsSoonMs = 3 * 24 * 3600_000;

export function grantEnd({ validUntil }: Pick<Grant, "validUntil">): string {
  return validUntil === null ? "No end" : formatInstant(validUntil);
}

/** The end of a day that somebody chose, as an instant: the day itself is in it. */
export function endOfDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 24 * 3600_000).toISOString();
}
