import type { Escalation } from "@finops/capabilities/alerts/contract";
import { Button } from "@finops/ui/primitives/button";
import { Select } from "@finops/ui/primitives/select";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextField } from "@finops/ui/primitives/text-field";
import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { membersQuery } from "../../lib/people-queries.ts";
import { useMay } from "../../lib/session.ts";
import { channelsQuery } from "./alert-queries.ts";
import { EditFooter } from "./edit-footer.tsx";
import { choiceOf, type EscalationForm, escalationFormOf, readEscalation, type StepForm } from "./escalation-form.ts";
import { onCallQuery, useChangeEscalation } from "./escalation-queries.ts";

const stepsMax = 20;

/** Makes or changes a chain. */
export function EscalationPanel({ chain, onClose }: { chain: Escalation | null; onClose: () => void }) {
  const [form, setForm] = useState<EscalationForm>(() => escalationFormOf(chain));
  const change = (part: Partial<EscalationForm>) => setForm({ ...form, ...part });
  const save = useChangeEscalation(onClose);
  const { input, problem } = readEscalation(form);
  const send = () => {
    if (input === null) return;
    save.mutate(
      chain === null ? { do: "create", input } : { do: "change", id: chain.id, version: chain.version, input },
    );
  };
  return (
    <SidePanel
      title={chain === null ? "New chain" : `Change ${chain.name}`}
      onClose={onClose}
      footer={
        <EditFooter
          what="chain"
          isNew={chain === null}
          isBlocked={input === null}
          isPending={save.isPending}
          problem={form.name === "" ? null : problem}
          onSave={send}
          onClose={onClose}
          onDelete={() => chain !== null && save.mutate({ do: "delete", id: chain.id, version: chain.version })}
        />
      }
    >
      <div className="space-y-4">
        <TextField label="Name" value={form.name} maxLength={120} onChange={(name) => change({ name })} />
        <Steps chain={chain} steps={form.steps} onChange={(steps) => change({ steps })} />
        <div className="grid grid-cols-2 gap-3">
          <TextField
            label="Told again, times"
            inputMode="numeric"
            value={form.repeats}
            onChange={(repeats) => change({ repeats })}
          />
          <TextField
            label="Minutes before that"
            inputMode="numeric"
            value={form.repeatAfterMinutes}
            onChange={(repeatAfterMinutes) => change({ repeatAfterMinutes })}
          />
        </div>
        <p className="text-sm text-text-2">
          An alert climbs while it fires and nobody acknowledges or snoozes it. People get a mail.
        </p>
      </div>
    </SidePanel>
  );
}

interface StepsProps {
  chain: Escalation | null;
  steps: StepForm[];
  onChange: (steps: StepForm[]) => void;
}

function Steps({ chain, steps, onChange }: StepsProps) {
  const choices = useChoices(chain);
  return (
    <>
      {steps.map((step, index) => (
        <fieldset key={index} className="flex items-end gap-2 rounded-md border border-line p-3">
          <legend className="sr-only">Step {index + 1}</legend>
          <TextField
            label="After minutes"
            className="w-24"
            inputMode="numeric"
            value={step.afterMinutes}
            onChange={(afterMinutes) =>
              onChange(steps.map((one, at) => (at === index ? { ...one, afterMinutes } : one)))
            }
          />
          <Select
            label={`Step ${index + 1} tells`}
            className="min-w-0 flex-1"
            value={step.to}
            options={choices}
            onChange={(to) => onChange(steps.map((one, at) => (at === index ? { ...one, to } : one)))}
          />
          {steps.length > 1 && (
            <Button
              kind="quiet"
              icon={<X size={16} aria-hidden />}
              aria-label={`Remove step ${index + 1}`}
              title={`Remove step ${index + 1}`}
              onClick={() => onChange(steps.filter((_, at) => at !== index))}
            />
          )}
        </fieldset>
      ))}
      <Button
        kind="quiet"
        icon={<Plus size={16} aria-hidden />}
        disabled={steps.length >= stepsMax}
        onClick={() =>
          onChange([...steps, { afterMinutes: String(Number(steps.at(-1)?.afterMinutes ?? 0) + 15), to: "" }])
        }
      >
        Add a step
      </Button>
    </>
  );
}

/** Whom a step may tell: who is on call, channels, people; and what the chain tells already, also where it is not seen. */
function useChoices(chain: Escalation | null): { value: string; label: string }[] {
  const seesPeople = useMay("members:read");
  const schedules = useQuery(onCallQuery);
  const channels = useQuery(channelsQuery);
  const members = useQuery({ ...membersQuery, enabled: seesPeople });
  const choices = [
    { value: "", label: "Choose…" },
    ...(schedules.data ?? []).map(({ id, name }) => ({ value: `on-call ${id}`, label: `Who is on call by ${name}` })),
    ...(channels.data ?? []).map(({ id, name }) => ({ value: `channel ${id}`, label: `Channel ${name}` })),
    ...(members.data ?? []).map(({ id, name, email }) => ({
      value: `person ${id}`,
      label: name === "" ? email : name,
    })),
  ];
  const kept = (chain?.steps ?? []).map(({ to }, index) => ({
    value: choiceOf(to),
    label: chain?.told[index] ?? "Somebody or something that is gone",
  }));
  const unseen = kept.filter((one, at) => kept.findIndex(({ value }) => value === one.value) === at);
  return [...choices, ...unseen.filter(({ value }) => !choices.some((one) => one.value === value))];
}
