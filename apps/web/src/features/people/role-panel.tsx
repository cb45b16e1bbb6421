import type { Role, RoleList } from "@finops/capabilities/people/contract";
import { Button } from "@finops/ui/primitives/button";
import { Checkbox } from "@finops/ui/primitives/checkbox";
import { Dialog } from "@finops/ui/primitives/dialog";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextField } from "@finops/ui/primitives/text-field";
import { CopyPlus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useMay, useSession } from "../../lib/session.ts";
import { isWaiting } from "../../lib/use-approved-change.ts";
import { useChangeRole, useCreateRole, useDeleteRole } from "./people-changes.ts";
import { groupPermissions, roleKeyOf } from "./permission-groups.ts";
import { Section } from "./person-panel.tsx";
import { RolePreview } from "./role-preview.tsx";

type PermissionInfo = RoleList["permissions"][number];
type Permission = PermissionInfo["key"];

interface RolePanelProps {
  list: RoleList;
  /** Null is one that is being made. */
  role: Role | null;
  /** What a new one starts with. */
  from: Role | null;
  onOpen: (key: string) => void;
  onCopy: (key: string) => void;
  onClose: () => void;
}

/** One role: what it allows, and what that would mean for somebody, before it is kept. */
export function RolePanel({ list, role, from, onOpen, onCopy, onClose }: RolePanelProps) {
  const mayChange = useMay("access:write");
  const mayCheck = useMay("audit:read");
  const isFixed = !mayChange || role?.isBuiltIn === true;
  const [name, setName] = useState(role?.name ?? (from === null ? "" : `${from.name} (copy)`));
  const [permissions, setPermissions] = useState<readonly string[]>(role?.permissions ?? from?.permissions ?? []);
  const key =
    role?.key ??
    roleKeyOf(
      name,
      list.roles.map((one) => one.key),
    );
  const saved = role?.permissions ?? [];
  const isChanged =
    name.trim() !== (role?.name ?? "") ||
    permissions.length !== saved.length ||
    permissions.some((one) => !saved.includes(one));
  return (
    <SidePanel
      title={role?.name ?? "New role"}
      about={about(role)}
      onClose={onClose}
      footer={
        mayChange ? (
          <RoleActions
            role={role}
            draft={{ key, name: name.trim(), permissions: permissions as Permission[] }}
            isChanged={isChanged && !isFixed}
            onSaved={onOpen}
            onCopy={onCopy}
            onClose={onClose}
          />
        ) : undefined
      }
    >
      <div className="space-y-6">
        {!isFixed && (
          <TextField
            label="Name"
            value={name}
            onChange={setName}
            maxLength={120}
            {...(role === null ? { about: `Its key will be ${key}.` } : {})}
          />
        )}
        {groupPermissions(list.permissions).map((group) => (
          <Section key={group.name} title={group.name}>
            <PermissionBoxes
              infos={group.permissions}
              chosen={permissions}
              isFixed={isFixed}
              onChange={setPermissions}
            />
          </Section>
        ))}
        {mayCheck && (
          <Section title="What would somebody see?">
            <RolePreview draft={{ key, permissions, isBuiltIn: role?.isBuiltIn === true }} catalog={list.permissions} />
          </Section>
        )}
      </div>
    </SidePanel>
  );
}

function about(role: Role | null): string {
  if (role === null) return "A set of permissions that can be given to people, groups and keys.";
  const people = `${role.memberCount} ${role.memberCount === 1 ? "person has" : "people have"} it in the company`;
  return role.isBuiltIn
    ? `Built in: it stays as it is. ${people}.`
    : `${people}. A change holds from the next request on.`;
}

interface PermissionBoxesProps {
  infos: readonly PermissionInfo[];
  chosen: readonly string[];
  isFixed: boolean;
  onChange: (chosen: readonly string[]) => void;
}

function PermissionBoxes({ infos, chosen, isFixed, onChange }: PermissionBoxesProps) {
  const session = useSession();
  const mine = new Set(session.data?.signedIn === true ? session.data.permissions : []);
  return (
    <ul className="space-y-1.5">
      {infos.map(({ key, about: meaning, canBeLimited }) => {
        const isChosen = chosen.includes(key);
        return (
          <li key={key}>
            <Checkbox
              label={key}
              checked={isChosen}
              isDisabled={isFixed || (!isChosen && !mine.has(key))}
              onChange={(isOn) => onChange(isOn ? [...chosen, key] : chosen.filter((one) => one !== key))}
            />
            <p className="pl-6 text-xs text-text-2">
              {meaning}
              {canBeLimited && "; can be limited to a part of the costs"}
              {!isFixed && !isChosen && !mine.has(key) && ". You lack it, so you cannot give it"}.
            </p>
          </li>
        );
      })}
    </ul>
  );
}

function RoleActions(props: {
  role: Role | null;
  draft: { key: string; name: string; permissions: Permission[] };
  isChanged: boolean;
  onSaved: (key: string) => void;
  onCopy: (key: string) => void;
  onClose: () => void;
}) {
  const { role, draft, isChanged, onSaved, onCopy, onClose } = props;
  const [isAsking, setIsAsking] = useState(false);
  const create = useCreateRole();
  const change = useChangeRole();
  const remove = useDeleteRole();
  const { key, name, permissions } = draft;
  const save = () =>
    role === null
      ? create.mutate(draft, { onSuccess: (answer) => (isWaiting(answer) ? onClose() : onSaved(key)) })
      : change.mutate(
          { key: role.key, change: { name, permissions } },
          { onSuccess: (answer) => isWaiting(answer) && onClose() },
        );
  const isBusy = create.isPending || change.isPending;
  return (
    <>
      {role?.isBuiltIn !== true && (
        <Button kind="primary" disabled={!isChanged || name === "" || isBusy} onClick={save}>
          {role === null ? "Make the role" : "Save"}
        </Button>
      )}
      {role !== null && (
        <Button icon={<CopyPlus size={16} aria-hidden className="text-text-3" />} onClick={() => onCopy(role.key)}>
          Copy as a role of your own
        </Button>
      )}
      {role?.isBuiltIn === false && (
        <Button kind="danger" icon={<Trash2 size={16} aria-hidden />} onClick={() => setIsAsking(true)}>
          Delete
        </Button>
      )}
      <Dialog
        title={`Delete ${role?.name ?? ""}?`}
        about="A role that somebody has stays: give them another one first."
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
      >
        <Button onClick={() => setIsAsking(false)}>Cancel</Button>
        <Button
          kind="danger"
          onClick={() => {
            if (role !== null) remove.mutate(role.key);
            setIsAsking(false);
            onClose();
          }}
        >
          Delete
        </Button>
      </Dialog>
    </>
  );
}
