import type { Member } from "@finops/capabilities/people/contract";
import { Button } from "@finops/ui/primitives/button";
import { Dialog } from "@finops/ui/primitives/dialog";
import { Select } from "@finops/ui/primitives/select";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { formatDay } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { UserMinus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useMay, useSession } from "../../lib/session.ts";
import { useChangeMember, usePersonGroups, useRemoveMember } from "./people-changes.ts";
import { groupsQuery, personName, rolesQuery, unitsQuery } from "../../lib/people-queries.ts";
import { PersonAccess } from "./person-access.tsx";
import { PersonGrants } from "./person-grants.tsx";
import { PickedList } from "./picked-list.tsx";
import { ScopeField } from "../../lib/cost-filter/scope-field.tsx";
import { unitPath } from "../../lib/unit-path.ts";

/** One person: what they have, what it lets them do, and through what. */
export function PersonPanel({ person, onClose }: { person: Member; onClose: () => void }) {
  const mayChange = useMay("members:write");
  const mayGive = useMay("access:write");
  const mayCheck = useMay("audit:read");
  const session = useSession();
  const isMe = session.data?.signedIn === true && session.data.email === person.email;
  return (
    <SidePanel
      title={personName(person)}
      about={`${person.email} · since ${formatDay(person.joinedAt.slice(0, 10))}`}
      onClose={onClose}
      footer={mayChange ? <PersonActions person={person} onRemoved={onClose} /> : undefined}
    >
      <div className="space-y-6">
        <RoleFields person={person} mayChange={mayChange} />
        <Section title="Groups">
          <PersonGroups person={person} mayChange={mayChange} />
        </Section>
        {(mayGive || mayCheck) && (
          <Section
            title="Given beside the role"
            action={
              mayGive &&
              !isMe && (
                <Link
                  to="/people/grants"
                  search={{ give: `person:${person.id}` }}
                  className="text-sm text-accent hover:underline"
                >
                  Give access
                </Link>
              )
            }
          >
            <PersonGrants personId={person.id} mayRevoke={mayGive} />
          </Section>
        )}
        {(mayCheck || isMe) && (
          <Section title="What they can do">
            <PersonAccess personId={person.id} />
          </Section>
        )}
      </div>
    </SidePanel>
  );
}

export function Section({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section>
      <div className="mb-2 flex items-baseline justify-between gap-2">
        <h3 className="text-base font-semibold">{title}</h3>
        {action}
      </div>
      {children}
    </section>
  );
}

function RoleFields({ person, mayChange }: { person: Member; mayChange: boolean }) {
  const { data: list } = useQuery(rolesQuery);
  const { data: units } = useQuery(unitsQuery);
  const change = useChangeMember();
  const roles = list?.roles ?? [{ key: person.role.key, name: person.role.name }];
  return (
    <div className="space-y-3">
      <div className="grid gap-3 sm:grid-cols-2">
        <Select
          label="Role in the company"
          value={person.role.key}
          options={roles.map(({ key, name }) => ({ value: key, label: name }))}
          isDisabled={!mayChange}
          onChange={(role) => change.mutate({ id: person.id, change: { role } })}
        />
        <Select
          label="Unit"
          value={person.unitId ?? ""}
          options={[
            { value: "", label: "None" },
            ...(units ?? []).map((unit) => ({ value: unit.id, label: unitPath(units ?? [], unit.id) })),
          ]}
          isDisabled={!mayChange}
          onChange={(unitId) => change.mutate({ id: person.id, change: { unitId: unitId === "" ? null : unitId } })}
        />
      </div>
      <ScopeField
        scope={person.scope}
        fixedBecause={
          !mayChange
            ? "Who has members:write can change it."
            : person.role.key === "owner"
              ? "An owner sees all of the company's costs."
              : undefined
        }
        onChange={(scope) => change.mutate({ id: person.id, change: { scope } })}
      />
    </div>
  );
}

function PersonGroups({ person, mayChange }: { person: Member; mayChange: boolean }) {
  const { data: groups } = useQuery(groupsQuery);
  const change = usePersonGroups(person);
  const others = (groups ?? []).filter((group) => !person.groups.some((one) => one.id === group.id));
  return (
    <PickedList
      items={person.groups}
      none="In no group."
      pick={{ label: "Add to a group", options: others.map(({ id, name }) => ({ value: id, label: name })) }}
      mayChange={mayChange}
      onAdd={(id) => {
        const group = others.find((one) => one.id === id);
        if (group !== undefined) change.mutate({ group: { id, name: group.name }, isIn: true });
      }}
      onRemove={(group) => change.mutate({ group, isIn: false })}
    />
  );
}

function PersonActions({ person, onRemoved }: { person: Member; onRemoved: () => void }) {
  const [isAsking, setIsAsking] = useState(false);
  const remove = useRemoveMember();
  const name = personName(person);
  return (
    <>
      <Button kind="danger" icon={<UserMinus size={16} aria-hidden />} onClick={() => setIsAsking(true)}>
        Remove
      </Button>
      <Dialog
        title={`Remove ${name}?`}
        about="Their sessions here end at once, and their groups and grants with them. What they made stays."
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
      >
        <Button onClick={() => setIsAsking(false)}>Cancel</Button>
        <Button
          kind="danger"
          onClick={() => {
            remove.mutate(person.id);
            setIsAsking(false);
            onRemoved();
          }}
        >
          Remove
        </Button>
      </Dialog>
    </>
  );
}
