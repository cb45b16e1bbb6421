import type { AlertRule } from "@finops/capabilities/alerts/contract";
import { Button } from "@finops/ui/primitives/button";
import { Checkbox } from "@finops/ui/primitives/checkbox";
import { Select } from "@finops/ui/primitives/select";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextField } from "@finops/ui/primitives/text-field";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { companyQuery } from "../../lib/company-queries.ts";
import { useMay } from "../../lib/session.ts";
import { channelsQuery, useChangeRule } from "./alert-queries.ts";
import { ConditionFields } from "./condition-fields.tsx";
import { EditFooter } from "./edit-footer.tsx";
import { escalationsQuery } from "./escalation-queries.ts";
import { newCondition, newRule, previewOf, readRule, type RuleForm, ruleFormOf } from "./rule-form.ts";
import { RulePreviewBox } from "./rule-preview.tsx";

interface RulePanelProps {
  /** The one that is changed; null makes a new one. */
  rule: AlertRule | null;
  onClose: () => void;
}

const conditionsMax = 10;

/** Makes or changes a rule, and shows what it would have told while it is written. */
export function RulePanel({ rule, onClose }: RulePanelProps) {
  const company = useQuery(companyQuery);
  const currency = company.data?.currency ?? "USD";
  const timeZone = company.data?.timeZone ?? "UTC";
  const [typed, setTyped] = useState<RuleForm | null>(rule === null ? null : ruleFormOf(rule, currency, timeZone));
  const form = typed ?? newRule(currency, timeZone);
  const change = (part: Partial<RuleForm>) => setTyped({ ...form, ...part });
  const save = useChangeRule(onClose);
  const read = readRule(form);
  const send = () => {
    if (read.input === null) return;
    save.mutate(
      rule === null
        ? { do: "create", input: read.input }
        : { do: "change", id: rule.id, version: rule.version, input: read.input },
    );
  };
  return (
    <SidePanel
      title={rule === null ? "New rule" : `Change ${rule.name}`}
      onClose={onClose}
      footer={
        <EditFooter
          what="rule"
          isNew={rule === null}
          isBlocked={read.input === null}
          isPending={save.isPending}
          problem={form.name === "" ? null : read.problem}
          onSave={send}
          onClose={onClose}
          onDelete={() => rule !== null && save.mutate({ do: "delete", id: rule.id, version: rule.version })}
        />
      }
    >
      <div className="space-y-4">
        <div className="grid grid-cols-[minmax(0,1fr)_8rem] gap-3">
          <TextField label="Name" value={form.name} maxLength={120} onChange={(name) => change({ name })} />
          <Select
            label="Severity"
            value={form.severity}
            options={[
              { value: "info", label: "Info" },
              { value: "warning", label: "Warning" },
              { value: "critical", label: "Critical" },
            ]}
            onChange={(severity) => change({ severity })}
          />
        </div>
        <Conditions form={form} currency={currency} onChange={change} />
        <div className="grid grid-cols-2 gap-3">
          <TextField
            label="Held for days in a row"
            inputMode="numeric"
            value={form.holdDays}
            onChange={(holdDays) => change({ holdDays })}
          />
          <TextField
            label="Hours before it may fire again"
            inputMode="numeric"
            value={form.coolDownHours}
            onChange={(coolDownHours) => change({ coolDownHours })}
          />
        </div>
        <Telling form={form} onChange={change} />
        <RulePreviewBox draft={previewOf(form)} />
      </div>
    </SidePanel>
  );
}

function Conditions({
  form,
  currency,
  onChange,
}: {
  form: RuleForm;
  currency: string;
  onChange: (part: Partial<RuleForm>) => void;
}) {
  const { conditions } = form;
  return (
    <>
      {conditions.map((condition, index) => (
        <ConditionFields
          key={index}
          condition={condition}
          onChange={(part) =>
            onChange({ conditions: conditions.map((one, at) => (at === index ? { ...one, ...part } : one)) })
          }
          onRemove={
            conditions.length === 1
              ? undefined
              : () => onChange({ conditions: conditions.filter((_, at) => at !== index) })
          }
        />
      ))}
      <div className="flex flex-wrap items-end gap-3">
        {conditions.length > 1 && (
          <Select
            label="It is an alert when"
            value={form.match}
            options={[
              { value: "any", label: "One of them holds" },
              { value: "all", label: "All of them hold" },
            ]}
            onChange={(match) => onChange({ match })}
          />
        )}
        <Button
          kind="quiet"
          icon={<Plus size={16} aria-hidden />}
          disabled={conditions.length >= conditionsMax}
          onClick={() => onChange({ conditions: [...conditions, newCondition(currency)] })}
        >
          Add a condition
        </Button>
      </div>
    </>
  );
}

/** Who is told beside the inbox, and when not. */
function Telling({ form, onChange }: { form: RuleForm; onChange: (part: Partial<RuleForm>) => void }) {
  const mayWrite = useMay("alerts:write");
  const channels = useQuery({ ...channelsQuery, enabled: mayWrite });
  const escalations = useQuery({ ...escalationsQuery, enabled: mayWrite });
  return (
    <div className="space-y-2">
      <span className="block text-xs text-text-2">Told in the inbox, and by</span>
      {(channels.data ?? []).map(({ id, name }) => (
        <Checkbox
          key={id}
          label={name}
          checked={form.channelIds.includes(id)}
          onChange={(isOn) =>
            onChange({ channelIds: isOn ? [...form.channelIds, id] : form.channelIds.filter((one) => one !== id) })
          }
        />
      ))}
      {channels.data?.length === 0 && <p className="text-sm text-text-2">There are no channels yet.</p>}
      {(escalations.data ?? []).length > 0 && (
        <Select
          label="While nobody looks after it"
          value={form.escalationId}
          options={[
            { value: "", label: "Nobody else is told" },
            ...(escalations.data ?? []).map(({ id, name }) => ({ value: id, label: `Climbs ${name}` })),
          ]}
          onChange={(escalationId) => onChange({ escalationId })}
        />
      )}
      <span className="block pt-2 text-xs text-text-2">When</span>
      <Checkbox
        label="Not in quiet hours"
        checked={form.hasQuietHours}
        onChange={(hasQuietHours) => onChange({ hasQuietHours })}
      />
      {form.hasQuietHours && (
        <>
          <div className="grid grid-cols-3 gap-3">
            <TextField
              label="From"
              type="time"
              value={form.quietFrom}
              onChange={(quietFrom) => onChange({ quietFrom })}
            />
            <TextField label="To" type="time" value={form.quietTo} onChange={(quietTo) => onChange({ quietTo })} />
            <TextField label="Time zone" value={form.timeZone} onChange={(timeZone) => onChange({ timeZone })} />
          </div>
          <Checkbox
            label="Nor on Saturdays and Sundays"
            checked={form.quietWeekends}
            onChange={(quietWeekends) => onChange({ quietWeekends })}
          />
        </>
      )}
      <Checkbox label="The rule is on" checked={form.isOn} onChange={(isOn) => onChange({ isOn })} />
    </div>
  );
}
