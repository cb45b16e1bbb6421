import type { GroupSummary } from "@finops/capabilities/people/contract";
import { Button } from "@finops/ui/primitives/button";
import { Dialog } from "@finops/ui/primitives/dialog";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../lib/session.ts";
import { KeptField } from "./kept-field.tsx";
import { useChangeGroup, useDeleteGroup, useGroupMembers } from "./people-changes.ts";
import { groupQuery, membersQuery, personName } from "../../lib/people-queries.ts";
import { PersonGrants } from "./person-grants.tsx";
import { Section } from "./person-panel.tsx";
import { PickedList } from "./picked-list.tsx";

/** One group: its name, who is in it, and what it was given. */
export function GroupPanel({ group, onClose }: { group: GroupSummary; onClose: () => void }) {
  const mayChange = useMay("members:write");
  const mayGive = useMay("access:write");
  const seesGrants = useMay("audit:read") || mayGive;
  const change = useChangeGroup();
  return (
    <SidePanel
      title={group.name}
      onClose={onClose}
      footer={mayChange ? <DeleteGroup group={group} onDeleted={onClose} /> : undefined}
    >
      <div className="space-y-6">
        {mayChange && (
          <div className="space-y-3">
            <KeptField
              label="Name"
              value={group.name}
              maxLength={120}
              isNeeded
              onKeep={(name) => change.mutate({ id: group.id, change: { name } })}
            />
            <KeptField
              label="What it is for"
              value={group.description}
              maxLength={1000}
              onKeep={(description) => change.mutate({ id: group.id, change: { description } })}
            />
          </div>
        )}
        <Section title="People">
          <GroupMembers groupId={group.id} mayChange={mayChange} />
        </Section>
        {seesGrants && (
          <Section
            title="What it was given"
            action={
              mayGive && (
                <Link
                  to="/people/grants"
                  search={{ give: `group:${group.id}` }}
                  className="text-sm text-accent hover:underline"
                >
                  Give access
                </Link>
              )
            }
          >
            <PersonGrants personId={group.id} mayRevoke={mayGive} />
          </Section>
        )}
      </div>
    </SidePanel>
  );
}

function GroupMembers({ groupId, mayChange }: { groupId: string; mayChange: boolean }) {
  const group = useQuery(groupQuery(groupId));
  const { data: members } = useQuery(membersQuery);
  const change = useGroupMembers(groupId);
  return (
    <Async of={group} name="The people in it" skeleton={<Skeleton className="h-24 w-full" />}>
      {(one) => (
        <PickedList
          items={one.members.map((member) => ({ ...member, name: personName(member) }))}
          none="Nobody is in it yet."
          pick={{
            label: "Add a person",
            options: (members ?? [])
              .filter((member) => !one.members.some((other) => other.id === member.id))
              .map((member) => ({ value: member.id, label: personName(member) })),
          }}
          mayChange={mayChange}
          onAdd={(id) => {
            const person = members?.find((member) => member.id === id);
            if (person !== undefined)
              change.mutate({ person: { id, name: person.name, email: person.email }, isIn: true });
          }}
          onRemove={(person) => change.mutate({ person, isIn: false })}
        />
      )}
    </Async>
  );
}

function DeleteGroup({ group, onDeleted }: { group: GroupSummary; onDeleted: () => void }) {
  const [isAsking, setIsAsking] = useState(false);
  const remove = useDeleteGroup();
  return (
    <>
      <Button kind="danger" icon={<Trash2 size={16} aria-hidden />} onClick={() => setIsAsking(true)}>
        Delete
      </Button>
      <Dialog
        title={`Delete ${group.name}?`}
        about="What the group was given ends for everybody in it. The people stay."
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
      >
        <Button onClick={() => setIsAsking(false)}>Cancel</Button>
        <Button
          kind="danger"
          onClick={() => {
            remove.mutate(group.id);
            setIsAsking(false);
            onDeleted();
          }}
        >
          Delete
        </Button>
      </Dialog>
    </>
  );
}
