import type { Budget } from "@finops/capabilities/budgets/contract";
import { Button } from "@finops/ui/primitives/button";
import { Dialog } from "@finops/ui/primitives/dialog";
import { TextField } from "@finops/ui/primitives/text-field";
import { useState } from "react";
import { useChangeTemplates } from "./template-queries.ts";

/** Keeps what a budget is like for others to begin with. */
export function SaveTemplateDialog({ budget, onClose }: { budget: Budget; onClose: () => void }) {
  const [name, setName] = useState(budget.name);
  const [about, setAbout] = useState("");
  const keep = useChangeTemplates(onClose);
  return (
    <Dialog
      title="Save as a template"
      isOpen
      onClose={onClose}
      about={
        <div className="space-y-3">
          <p>
            Everybody who makes budgets can begin with its amounts, periods, notes and links. Whose costs it is about
            and who watches it are left out.
          </p>
          <TextField label="Name of the template" value={name} maxLength={120} onChange={setName} />
          <TextField label="What it is for" value={about} maxLength={500} onChange={setAbout} />
        </div>
      }
    >
      <Button onClick={onClose}>Cancel</Button>
      <Button
        kind="primary"
        disabled={name.trim() === "" || keep.isPending}
        onClick={() => keep.mutate({ do: "keep", input: { name, about, budgetId: budget.id } })}
      >
        Save
      </Button>
    </Dialog>
  );
}
