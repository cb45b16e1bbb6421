import type { DetectedDelivery, ImportDetection, ImportOptions } from "@finops/capabilities/sources/contract";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Async } from "@finops/ui/states/async";
import { Notice } from "@finops/ui/states/notice";
import { formatCount } from "@finops/ui/text/format-figure";
import { useState } from "react";
import { ApiProblem } from "../../lib/api.ts";
import { ListSkeleton } from "./list-skeleton.tsx";
import { DeliveryCard } from "./delivery-card.tsx";
import { FieldSelect } from "./field-select.tsx";
import { MappingEditor } from "./mapping-editor.tsx";
import { reasonToWait } from "./reason-to-wait.ts";
import { useCancelImport, useDetection, useStartImport } from "./use-bills.ts";

interface DetectionStepProps {
  importId: string;
  /** The import that was started; null when it was given up. */
  onDone: (started: string | null) => void;
}

/** Between the upload and the import: what the files are believed to be and why, and what can be said otherwise. */
export function DetectionStep({ importId, onDone }: DetectionStepProps) {
  const [options, setOptions] = useState<ImportOptions>({ assume: {} });
  const detection = useDetection(importId, options);
  const start = useStartImport();
  const cancel = useCancelImport();
  const isGone = detection.error instanceof ApiProblem && detection.error.code === "not_found";
  if (isGone)
    return (
      <Notice
        tone="info"
        title="This upload is gone: it was started or given up."
        action={<Button onClick={() => onDone(null)}>Import another bill</Button>}
      />
    );
  const blocked = detection.data === undefined ? null : reasonToWait(detection.data);
  return (
    <Card
      title="Before the import"
      about="What these files are, as far as their first rows tell. Nothing is imported yet."
    >
      <div className="space-y-4 px-4 pb-4" aria-busy={detection.isPlaceholderData}>
        <Async of={detection} name="What the files are" skeleton={<ListSkeleton />}>
          {(found) => <Found found={found} options={options} onChange={setOptions} />}
        </Async>
        {start.error !== null && (
          <Notice tone="error" title="The import was not started.">
            {start.error.message}
          </Notice>
        )}
        <div className="flex flex-wrap items-center gap-2 border-t border-line pt-4">
          <Button
            kind="primary"
            disabled={
              detection.data === undefined || blocked !== null || start.isPending || detection.isPlaceholderData
            }
            onClick={() => start.mutate({ id: importId, options }, { onSuccess: ({ id }) => onDone(id) })}
          >
            Import
          </Button>
          <Button
            kind="danger"
            disabled={cancel.isPending}
            onClick={() => cancel.mutate(importId, { onSettled: () => onDone(null) })}
          >
            Discard the upload
          </Button>
          {blocked !== null && <p className="text-sm text-text-2">{blocked}</p>}
        </div>
      </div>
    </Card>
  );
}

interface FoundProps {
  found: ImportDetection;
  options: ImportOptions;
  onChange: (options: ImportOptions) => void;
}

function Found({ found, options, onChange }: FoundProps) {
  const unknown = found.problems.find((problem) => problem.columns.length > 0);
  const [first] = found.deliveries;
  const mappable = unknown ?? (options.definition === undefined ? undefined : first);
  return (
    <>
      {found.problems.map((problem) => (
        <Notice key={problem.message} tone="error" title="This cannot be imported as it is.">
          {problem.message}
          {problem.files.length > 1 && ` ${formatCount(problem.files.length)} files are concerned.`}
        </Notice>
      ))}
      {found.deliveries.map((delivery) => (
        <DeliveryCard key={`${delivery.label} ${delivery.format}`} delivery={delivery}>
          <Missing delivery={delivery} options={options} onChange={onChange} />
          <Conflicts delivery={delivery} options={options} onChange={onChange} />
        </DeliveryCard>
      ))}
      <Choices found={found} options={options} onChange={onChange} />
      {mappable !== undefined && (
        <MappingEditor
          columns={mappable.columns}
          firstRows={mappable.firstRows}
          onApply={(definition) =>
            onChange({ ...options, format: definition === null ? undefined : "csv", definition } as never)
          }
        />
      )}
    </>
  );
}

/** Columns for which the person may say one value that holds for the whole bill. */
function Missing({ delivery, options, onChange }: { delivery: DetectedDelivery } & Omit<FoundProps, "found">) {
  const assumed = Object.keys(options.assume);
  const asked = [...new Set([...delivery.missing.flatMap(({ assume }) => assume ?? []), ...assumed])];
  const lost = delivery.missing.filter(({ assume }) => assume === null);
  return (
    <>
      {lost.length > 0 && (
        <Notice tone="error" title="Columns are missing that nothing can stand in for.">
          {lost.map(({ column }) => column).join(", ")}
        </Notice>
      )}
      {asked.map((column) => (
        <AssumedValue
          key={column}
          column={column}
          value={options.assume[column] ?? ""}
          onSay={(value) => {
            const { [column]: _, ...rest } = options.assume;
            onChange({ ...options, assume: value === "" ? rest : { ...rest, [column]: value } });
          }}
        />
      ))}
    </>
  );
}

const currencies = [
  "USD",
  "EUR",
  "GBP",
  "CHF",
  "JPY",
  "AUD",
  "CAD",
  "INR",
  "BRL",
  "SEK",
  "NOK",
  "DKK",
  "PLN",
  "CNY",
  "SGD",
];

function AssumedValue({ column, value, onSay }: { column: string; value: string; onSay: (value: string) => void }) {
  const [draft, setDraft] = useState(value);
  if (column === "BillingCurrency")
    return (
      <FieldSelect
        label="The bill does not say its currency. Which is it?"
        value={value}
        onChange={onSay}
        choices={[{ value: "", label: "Not said yet" }, ...currencies.map((code) => ({ value: code, label: code }))]}
      />
    );
  return (
    <form
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onSay(draft.trim());
      }}
    >
      <label className="block text-sm">
        <span className="text-xs font-medium">The bill lacks {column}. Which value holds for all of its rows?</span>
        <input
          value={draft}
          maxLength={200}
          onChange={(event) => setDraft(event.target.value)}
          className="mt-1 block h-8 w-72 max-w-full rounded-md border border-line-strong bg-surface-1 px-2"
        />
      </label>
      <Button type="submit">Take it</Button>
    </form>
  );
}

function Conflicts({ delivery, options, onChange }: { delivery: DetectedDelivery } & Omit<FoundProps, "found">) {
  return delivery.conflicts.map((conflict) => (
    <Notice
      key={conflict.source}
      tone="warning"
      title={`${conflict.sourceName} has the costs of ${conflict.account} already, in ${conflict.periods.join(", ")}.`}
      action={
        <Button
          onClick={() =>
            onChange({ ...options, takesOver: { source: conflict.source, from: `${conflict.periods[0]}-01` } })
          }
        >
          Let this bill take over from {conflict.periods[0]}
        </Button>
      }
    >
      Both together would count the same costs twice.
    </Notice>
  ));
}

/** What detection decided, to be decided otherwise. */
function Choices({ found, options, onChange }: FoundProps) {
  const [name, setName] = useState(options.sourceName ?? "");
  const { format: _, definition: _mapping, sourceName: _name, ...rest } = options;
  const kept = {
    ...(options.format === undefined ? {} : { format: options.format }),
    ...(options.definition === undefined ? {} : { definition: options.definition }),
    ...(options.sourceName === undefined ? {} : { sourceName: options.sourceName }),
  };
  const likely = new Set(found.deliveries.flatMap((delivery) => delivery.alsoReadAs.map(({ id }) => id)));
  const formats = found.formats
    .filter(({ id }) => id !== "csv")
    .toSorted((a, b) => Number(likely.has(b.id)) - Number(likely.has(a.id)) || a.name.localeCompare(b.name));
  return (
    <details className="text-sm" open={options.format !== undefined || options.sourceName !== undefined}>
      <summary className="w-fit rounded-sm text-text-2 hover:text-text-1">Read it otherwise</summary>
      <div className="mt-3 flex flex-wrap items-end gap-4">
        <FieldSelect
          label="Format"
          value={options.definition === undefined ? (options.format ?? "") : "csv"}
          onChange={(format) => {
            const { format: _old, definition: _oldMapping, ...others } = kept;
            onChange({ ...rest, ...others, ...(format === "" ? {} : { format }) });
          }}
          choices={[
            { value: "", label: "As it was recognised" },
            ...formats.map(({ id, name: label, provider }) => ({
              value: id,
              label: `${label} (${provider})${likely.has(id) ? ", likely" : ""}`,
            })),
            ...(options.definition === undefined ? [] : [{ value: "csv", label: "Your own mapping" }]),
          ]}
        />
        <form
          className="flex flex-wrap items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            const { sourceName: _old, ...others } = kept;
            onChange({ ...rest, ...others, ...(name.trim() === "" ? {} : { sourceName: name.trim() }) });
          }}
        >
          <label className="block">
            <span className="text-xs font-medium">Name of the source</span>
            <input
              value={name}
              placeholder="As the bill says"
              maxLength={200}
              onChange={(event) => setName(event.target.value)}
              className="mt-1 block h-8 w-64 max-w-full rounded-md border border-line-strong bg-surface-1 px-2"
            />
          </label>
          <Button type="submit">Name it</Button>
        </form>
      </div>
    </details>
  );
}
