import * as z from "zod";
import type { EscalationDefinition, QuietHours } from "./contract.ts";
import { tellFrom } from "./quiet-hours.ts";

const minuteMs = 60_000;

/** Who is told of something. */
export const Recipient = z.union([z.strictObject({ channelId: z.string() }), z.strictObject({ personId: z.string() })]);
export type Recipient = z.infer<typeof Recipient>;

/** How far an alert came on its chain. */
export const Climb = z.object({
  /** From when on minutes count. */
  since: z.string(),
  /** Steps that were told or passed over, of all rounds together. */
  told: z.number(),
  /** Who was told, and so hears of the end too. */
  recipients: z.array(Recipient),
});
export type Climb = z.infer<typeof Climb>;

/** The step that comes after so many, with the minutes from the start to it; null when all rounds are over. */
export function stepAfter(
  { steps, repeats, repeatAfterMinutes }: EscalationDefinition,
  told: number,
): { step: EscalationDefinition["steps"][number]; round: number; number: number; afterMinutes: number } | null {
  const round = Math.floor(told / steps.length);
  if (round > repeats) return null;
  const index = told % steps.length;
  const step = steps[index]!;
  const roundMinutes = steps.at(-1)!.afterMinutes + repeatAfterMinutes;
  return { step, round, number: index + 1, afterMinutes: round * roundMinutes + step.afterMinutes };
}

/** When the next step is told, which is not within quiet hours; null when there is none. */
export function nextStepAt(
  definition: EscalationDefinition,
  { since, told }: Climb,
  quiet: QuietHours | null,
): Date | null {
  const next = stepAfter(definition, told);
  return next === null ? null : tellFrom(quiet, new Date(Date.parse(since) + next.afterMinutes * minuteMs));
}

/** What fires in quiet hours waits for their end, and its minutes are counted from there. */
export function newClimb(quiet: QuietHours | null, now: Date): Climb {
  return { since: tellFrom(quiet, now).toISOString(), told: 0, recipients: [] };
}

export function withRecipient(climb: Climb, recipient: Recipient | null): Climb {
  const told = climb.told + 1;
  if (recipient === null || climb.recipients.some((one) => JSON.stringify(one) === JSON.stringify(recipient)))
    return { ...climb, told };
  return { ...climb, told, recipients: [...climb.recipients, recipient] };
}
