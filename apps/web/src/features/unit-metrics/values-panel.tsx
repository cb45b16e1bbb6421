import { type UnitMetric, type ValueKind, valueKinds } from "@finops/capabilities/unit-metrics/contract";
import { Button } from "@finops/ui/primitives/button";
import { Select } from "@finops/ui/primitives/select";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextArea } from "@finops/ui/primitives/text-area";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { TableFile } from "../../lib/table-file/table-file.tsx";
import { useRested } from "../../lib/use-rested.ts";
import { parsedValuesQuery, useChangeUnitMetric } from "./unit-metric-queries.ts";
import { kindWords } from "./unit-metric-words.ts";

interface ValuesPanelProps {
  metric: UnitMetric;
  /** What stands in it at first: the row that is changed. */
  start: string;
  onClose: () => void;
}

const problemsShown = 8;

/** Writes values of some months as they are typed, pasted or read from a file. */
export function ValuesPanel({ metric, start, onClose }: ValuesPanelProps) {
  const [text, setText] = useState(start);
  const [kind, setKind] = useState<ValueKind>("actual");
  const settled = useRested(text);
  const parsed = useQuery(parsedValuesQuery(settled, kind));
  const save = useChangeUnitMetric(onClose);
  const isRead = settled === text && text.trim() !== "" && !parsed.isPlaceholderData && parsed.data !== undefined;
  const { values = [], problems = [] } = isRead ? parsed.data : {};
  return (
    <SidePanel
      title={`Values of ${metric.name}`}
      onClose={onClose}
      footer={
        <>
          <Button
            kind="primary"
            disabled={values.length === 0 || save.isPending}
            onClick={() => save.mutate({ do: "write", id: metric.id, input: { version: metric.version, values } })}
          >
            {values.length === 0 ? "Save" : `Save ${values.length === 1 ? "1 month" : `${values.length} months`}`}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <div className="space-y-4">
        <Select
          label="Rows that do not say it are"
          value={kind}
          options={valueKinds.map((value) => ({ value, label: kindWords[value] }))}
          onChange={setKind}
        />
        <div>
          <TextArea
            label="The values, as they are copied from a spreadsheet or a CSV file"
            rows={10}
            about={`A month and a quantity of ${metric.unitMany} in each row, such as 2026-01 and 12000, and "actual" or "planned" behind. Other months stay as they are.`}
            value={text}
            onChange={setText}
          />
          <TableFile of="values" onRead={setText} />
          {problems.length > 0 && (
            <div role="alert" className="mt-1 text-xs text-negative">
              <ul>
                {problems.slice(0, problemsShown).map(({ row, reason }) => (
                  <li key={row}>
                    Row {row}: {reason}
                  </li>
                ))}
              </ul>
            </div>
          )}
        </div>
        {parsed.error !== null && (
          <p role="alert" className="text-xs text-negative">
            {parsed.error.message}
          </p>
        )}
      </div>
    </SidePanel>
  );
}
