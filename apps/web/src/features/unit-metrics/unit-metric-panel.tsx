import { aggregations, type UnitMetric, UnitMetricInput as Input } from "@finops/capabilities/unit-metrics/contract";
import { Button } from "@finops/ui/primitives/button";
import { Select } from "@finops/ui/primitives/select";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextArea } from "@finops/ui/primitives/text-area";
import { TextField } from "@finops/ui/primitives/text-field";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FilterField } from "../../lib/cost-filter/filter-field.tsx";
import { membersQuery } from "../../lib/people-queries.ts";
import { useMay } from "../../lib/session.ts";
import { useChangeUnitMetric } from "./unit-metric-queries.ts";
import { aggregationWords } from "./unit-metric-words.ts";

/** A metric as it is typed. */
interface MetricForm extends Pick<UnitMetric, "name" | "unitOne" | "unitMany" | "aggregation" | "filter" | "about"> {
  ownerId: string;
}

interface UnitMetricPanelProps {
  /** The one that is changed; null makes a new one. */
  metric: UnitMetric | null;
  onClose: () => void;
  onDone: (metric: UnitMetric) => void;
}

/** Makes or changes a unit metric. Its values are written apart. */
export function UnitMetricPanel({ metric, onClose, onDone }: UnitMetricPanelProps) {
  const [form, setForm] = useState((): MetricForm => ({
    name: metric?.name ?? "",
    unitOne: metric?.unitOne ?? "",
    unitMany: metric?.unitMany ?? "",
    aggregation: metric?.aggregation ?? "total",
    filter: metric?.filter ?? null,
    about: metric?.about ?? "",
    ownerId: "",
  }));
  const change = (part: Partial<MetricForm>) => setForm({ ...form, ...part });
  const seesPeople = useMay("members:read");
  const members = useQuery({ ...membersQuery, enabled: seesPeople });
  const save = useChangeUnitMetric(onDone);
  const read = Input.safeParse({ ...form, ownerId: form.ownerId === "" ? null : form.ownerId });
  const send = () => {
    if (!read.success) return;
    save.mutate(
      metric === null
        ? { do: "create", input: read.data }
        : { do: "change", id: metric.id, input: { ...read.data, version: metric.version } },
    );
  };
  return (
    <SidePanel
      title={metric === null ? "New unit metric" : `Change ${metric.name}`}
      onClose={onClose}
      footer={
        <>
          <Button kind="primary" disabled={!read.success || save.isPending} onClick={send}>
            {metric === null ? "Make the unit metric" : "Save the change"}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          {!read.success && form.name !== "" && (
            <p className="w-full text-xs text-text-2">{read.error.issues[0]!.message}</p>
          )}
        </>
      }
    >
      <div className="space-y-4">
        <TextField label="Name" value={form.name} maxLength={120} onChange={(name) => change({ name })} />
        <div className="grid grid-cols-2 gap-3">
          <TextField
            label="One of it is called"
            placeholder="order"
            value={form.unitOne}
            maxLength={40}
            onChange={(unitOne) => change({ unitOne })}
          />
          <TextField
            label="Several are called"
            placeholder="orders"
            value={form.unitMany}
            maxLength={40}
            onChange={(unitMany) => change({ unitMany })}
          />
        </div>
        <div>
          <Select
            label="A value is"
            value={form.aggregation}
            options={aggregations.map((value) => ({ value, label: aggregationWords[value].label }))}
            onChange={(aggregation) => change({ aggregation })}
          />
          <p className="mt-1 text-xs text-text-2">{aggregationWords[form.aggregation].about}.</p>
        </div>
        <FilterField filter={form.filter} onChange={(filter) => change({ filter })} />
        <p className="text-xs text-text-2">The effective cost of these is divided by it.</p>
        {seesPeople && (
          <Select
            label="Owner"
            value={form.ownerId}
            options={[
              { value: "", label: metric?.owner.name ?? "Me" },
              ...(members.data ?? []).map(({ id, name, email }) => ({ value: id, label: name === "" ? email : name })),
            ]}
            onChange={(ownerId) => change({ ownerId })}
          />
        )}
        <TextArea
          label="What it counts, and where its values come from"
          value={form.about}
          rows={3}
          maxLength={2000}
          onChange={(about) => change({ about })}
        />
      </div>
    </SidePanel>
  );
}
