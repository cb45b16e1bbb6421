import type { Sharing } from "@finops/capabilities/dashboards/contract";
import { Button } from "@finops/ui/primitives/button";
import { Checkbox } from "@finops/ui/primitives/checkbox";
import { Dialog } from "@finops/ui/primitives/dialog";
import { Notice } from "@finops/ui/states/notice";
import { useState } from "react";
import { useMay } from "../session.ts";

const roles = [
  { key: "owner", name: "Owners" },
  { key: "admin", name: "Administrators" },
  { key: "finops", name: "FinOps practitioners" },
  { key: "finance", name: "Finance" },
  { key: "engineer", name: "Engineering" },
  { key: "viewer", name: "Viewers" },
  { key: "auditor", name: "Auditors" },
];

const choices: { with: Sharing["with"]; label: string; about: string }[] = [
  { with: "nobody", label: "Only its owner", about: "For others it does not exist." },
  { with: "company", label: "Everybody in the company", about: "Each sees the figures that they may see." },
  { with: "roles", label: "People with a role", about: "Those who have one of the roles that you choose." },
];

interface ShareDialogProps {
  name: string;
  sharing: Sharing;
  onShare: (sharing: Sharing) => void;
  onClose: () => void;
}

/** Whom it is shown to. */
export function ShareDialog({ name, sharing, onShare, onClose }: ShareDialogProps) {
  const mayShare = useMay("views:write");
  const [chosen, setChosen] = useState(sharing.with);
  const [keys, setKeys] = useState<readonly string[]>(sharing.with === "roles" ? sharing.roles : []);
  const isReady = (mayShare || chosen === "nobody") && (chosen !== "roles" || keys.length > 0);
  const share = () => {
    onShare(chosen === "roles" ? { with: "roles", roles: [...keys] } : { with: chosen });
    onClose();
  };
  return (
    <Dialog
      title={`Who sees ${name}`}
      isOpen
      onClose={onClose}
      about={
        <div className="space-y-3">
          {!mayShare && (
            <Notice tone="info" title="Sharing needs the permission views:write.">
              An owner or administrator of your company can give you a role that has it, such as FinOps practitioner.
            </Notice>
          )}
          <fieldset className="space-y-1">
            <legend className="sr-only">Shown to</legend>
            {choices.map((choice) => (
              <label key={choice.with} className="flex items-start gap-2 rounded-md px-2 py-1.5 hover:bg-surface-2">
                <input
                  type="radio"
                  name="sharing"
                  value={choice.with}
                  checked={chosen === choice.with}
                  disabled={!mayShare && choice.with !== "nobody"}
                  onChange={() => setChosen(choice.with)}
                  className="mt-0.5 size-4 shrink-0 accent-[var(--accent)]"
                />
                <span className="text-sm text-text-1">
                  {choice.label}
                  <span className="block text-xs text-text-2">{choice.about}</span>
                </span>
              </label>
            ))}
          </fieldset>
          {chosen === "roles" && (
            <div role="group" aria-label="Roles" className="grid grid-cols-2 gap-2 pl-8">
              {roles.map(({ key, name: label }) => (
                <Checkbox
                  key={key}
                  label={label}
                  checked={keys.includes(key)}
                  isDisabled={!mayShare}
                  onChange={(isChosen) => setKeys(isChosen ? [...keys, key] : keys.filter((one) => one !== key))}
                />
              ))}
            </div>
          )}
        </div>
      }
    >
      <Button onClick={onClose}>Cancel</Button>
      <Button kind="primary" disabled={!isReady} onClick={share}>
        Share
      </Button>
    </Dialog>
  );
}

/** Whom it is shown to, in a word. */
export function sharingLabel(sharing: Sharing): string {
  if (sharing.with === "nobody") return "Only its owner";
  if (sharing.with === "company") return "The company";
  return sharing.roles.map((key) => roles.find((role) => role.key === key)?.name ?? key).join(", ");
}
