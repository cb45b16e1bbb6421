import type { Escalation, EscalationTarget } from "@finops/capabilities/alerts/contract";
import { EscalationInput } from "@finops/capabilities/alerts/contract";

/** A step as it is typed: `to` is the kind and the id in one, as a list of choices has them. */
export interface StepForm {
  afterMinutes: string;
  to: string;
}

export interface EscalationForm {
  name: string;
  steps: StepForm[];
  repeats: string;
  repeatAfterMinutes: string;
}

export function escalationFormOf(chain: Escalation | null): EscalationForm {
  return {
    name: chain?.name ?? "",
    steps: chain?.steps.map(({ afterMinutes, to }) => ({ afterMinutes: String(afterMinutes), to: choiceOf(to) })) ?? [
      { afterMinutes: "15", to: "" },
    ],
    repeats: String(chain?.repeats ?? 0),
    repeatAfterMinutes: String(chain?.repeatAfterMinutes ?? 30),
  };
}

/** The chain as it would be kept, or the first thing that is wrong with it. */
export function readEscalation(
  form: EscalationForm,
): { input: EscalationInput; problem: null } | { input: null; problem: string } {
  if (form.steps.some(({ to }) => to === "")) return { input: null, problem: "Choose whom each step tells." };
  const parsed = EscalationInput.safeParse({
    name: form.name,
    steps: form.steps.map(({ afterMinutes, to }) => ({ afterMinutes: Number(afterMinutes), to: targetOf(to) })),
    repeats: Number(form.repeats),
    repeatAfterMinutes: Number(form.repeatAfterMinutes),
  });
  return parsed.success
    ? { input: parsed.data, problem: null }
    : { input: null, problem: parsed.error.issues[0]!.message };
}

export function choiceOf(to: EscalationTarget): string {
  return `${to.kind} ${to.kind === "person" ? to.personId : to.kind === "on-call" ? to.scheduleId : to.channelId}`;
}

function targetOf(choice: string): EscalationTarget {
  const [kind, id = ""] = choice.split(" ");
  if (kind === "person") return { kind, personId: id };
  return kind === "on-call" ? { kind, scheduleId: id } : { kind: "channel", channelId: id };
}

/** "at once", "after 15 minutes", "after 2 hours". */
export function afterWords(minutes: number): string {
  if (minutes === 0) return "at once";
  if (minutes % 60 === 0) return minutes === 60 ? "after an hour" : `after ${minutes / 60} hours`;
  return minutes === 1 ? "after a minute" : `after ${minutes} minutes`;
}
