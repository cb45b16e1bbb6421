import type { Budget } from "@finops/capabilities/budgets/contract";
import { Button } from "@finops/ui/primitives/button";
import { TextField } from "@finops/ui/primitives/text-field";
import { Plus, X } from "lucide-react";

interface LinkFieldsProps {
  links: Budget["links"];
  onChange: (links: Budget["links"]) => void;
}

const linksMax = 20;

/** Pages that say more of it. */
export function LinkFields({ links, onChange }: LinkFieldsProps) {
  const change = (at: number, part: Partial<Budget["links"][number]>) =>
    onChange(links.map((link, index) => (index === at ? { ...link, ...part } : link)));
  return (
    <fieldset className="space-y-2">
      <legend className="text-xs text-text-2">Links</legend>
      {links.map((link, index) => (
        <div key={index} className="grid grid-cols-[minmax(0,1fr)_minmax(0,1.5fr)_auto] items-end gap-2">
          <TextField
            label={`Title of link ${index + 1}`}
            isLabelHidden
            placeholder="Title"
            maxLength={120}
            value={link.title}
            onChange={(title) => change(index, { title })}
          />
          <TextField
            label={`Address of link ${index + 1}`}
            isLabelHidden
            placeholder="https://wiki.example/budget"
            maxLength={1000}
            value={link.url}
            onChange={(url) => change(index, { url: url.trim() })}
          />
          <Button
            kind="quiet"
            aria-label={`Remove link ${index + 1}`}
            icon={<X size={14} aria-hidden />}
            onClick={() => onChange(links.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      {links.length < linksMax && (
        <Button
          kind="quiet"
          icon={<Plus size={14} aria-hidden />}
          onClick={() => onChange([...links, { title: "", url: "" }])}
        >
          Add a link
        </Button>
      )}
    </fieldset>
  );
}
