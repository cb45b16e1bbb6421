import type { Budget } from "@finops/capabilities/budgets/contract";
import { Button } from "@finops/ui/primitives/button";
import { Select } from "@finops/ui/primitives/select";
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { membersQuery } from "../../lib/people-queries.ts";
import { useMay } from "../../lib/session.ts";

interface WatcherFieldsProps {
  watchers: Budget["watchers"];
  onChange: (watchers: Budget["watchers"]) => void;
}

/** Who is told of what becomes of it. */
export function WatcherFields({ watchers, onChange }: WatcherFieldsProps) {
  const seesPeople = useMay("members:read");
  const members = useQuery({ ...membersQuery, enabled: seesPeople });
  const people = (members.data ?? []).map(({ id, name, email }) => ({ id, name: name === "" ? email : name }));
  const others = people.filter(({ id }) => !watchers.some((one) => one.id === id));
  return (
    <fieldset className="space-y-2">
      <legend className="text-xs text-text-2">Watchers</legend>
      {watchers.length > 0 && (
        <ul className="flex flex-wrap gap-2">
          {watchers.map(({ id, name }) => (
            <li key={id} className="flex items-center rounded-md border border-line pl-2 text-sm">
              <span dir="auto" className="max-w-44 truncate">
                {name}
              </span>
              <Button
                kind="quiet"
                aria-label={`Remove ${name}`}
                icon={<X size={14} aria-hidden />}
                onClick={() => onChange(watchers.filter((one) => one.id !== id))}
              />
            </li>
          ))}
        </ul>
      )}
      {seesPeople && (
        <Select
          label="Add a watcher"
          isLabelHidden
          value=""
          options={[
            { value: "", label: "Add a person" },
            ...others.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(id) => onChange([...watchers, ...others.filter((one) => one.id === id)])}
        />
      )}
    </fieldset>
  );
}
