import type { AccessRule } from "@finops/capabilities/people/contract";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Dialog } from "@finops/ui/primitives/dialog";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatInstant } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { ScopeText } from "../../lib/cost-filter/scope-field.tsx";
import { accessRulesQuery, groupsQuery, rolesQuery, unitsQuery } from "../../lib/people-queries.ts";
import { unitPath } from "../../lib/unit-path.ts";
import { peopleWords } from "./people-count.ts";
import { useDeleteRule } from "./people-changes.ts";

/** The rules by which people get roles and groups from what an identity provider says of them. */
export function AccessRules({ mayChange, onNew }: { mayChange: boolean; onNew: () => void }) {
  const rules = useQuery(accessRulesQuery);
  const [deleting, setDeleting] = useState<AccessRule | null>(null);
  return (
    <Card
      className="mt-4"
      title="Rules by attribute"
      about="Who has an attribute, as sign-in or SCIM says it, gets a role or a place in a group, and loses it with the attribute."
      actions={
        mayChange && (
          <Button icon={<Plus size={16} aria-hidden />} onClick={onNew}>
            New rule
          </Button>
        )
      }
    >
      <Async
        of={rules}
        name="The rules"
        skeleton={<Skeleton className="m-4 h-16" />}
        isEmpty={(list) => list.length === 0}
        empty={
          <p className="border-t border-line px-4 py-3 text-sm text-text-2">
            There is no rule yet. Everybody has what they were given by hand.
          </p>
        }
      >
        {(list) => (
          <ul aria-label="Rules by attribute" className="divide-y divide-line border-t border-line">
            {list.map((rule) => (
              <RuleLine key={rule.id} rule={rule} {...(mayChange ? { onDelete: () => setDeleting(rule) } : {})} />
            ))}
          </ul>
        )}
      </Async>
      <DeleteRule rule={deleting} onClose={() => setDeleting(null)} />
    </Card>
  );
}

function RuleLine({ rule, onDelete }: { rule: AccessRule; onDelete?: () => void }) {
  const { name, attribute, value, gives, memberCount, createdBy, createdAt } = rule;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-60 text-sm">
        <p className="font-medium break-words" dir="auto">
          {name}
        </p>
        <p className="break-words">
          Whose <bdi className="font-medium">{attribute}</bdi> is “<bdi>{value}</bdi>” <Gives gives={gives} />
        </p>
        <p className="text-xs text-text-2">
          Made by <bdi>{createdBy.name}</bdi>, {formatInstant(createdAt)}
        </p>
      </div>
      <span className="text-sm tabular-nums">Fits {peopleWords(memberCount)}</span>
      {onDelete !== undefined && (
        <Button kind="danger" aria-label={`Delete the rule ${name}`} onClick={onDelete}>
          Delete
        </Button>
      )}
    </li>
  );
}

function Gives({ gives }: Pick<AccessRule, "gives">) {
  const { data: list } = useQuery(rolesQuery);
  const { data: units } = useQuery(unitsQuery);
  const { data: groups } = useQuery(groupsQuery);
  if ("groupId" in gives)
    return (
      <>
        is in the group <bdi>{groups?.find(({ id }) => id === gives.groupId)?.name ?? "…"}</bdi>
      </>
    );
  return (
    <>
      gets the role <bdi>{list?.roles.find(({ key }) => key === gives.role)?.name ?? gives.role}</bdi>
      {gives.unitId !== null && (
        <>
          {" "}
          in <bdi>{unitPath(units ?? [], gives.unitId) || "a unit"}</bdi>
        </>
      )}
      {gives.scope !== null && (
        <>
          {" "}
          for <ScopeText scope={gives.scope} />
        </>
      )}
    </>
  );
}

function DeleteRule({ rule, onClose }: { rule: AccessRule | null; onClose: () => void }) {
  const remove = useDeleteRule();
  if (rule === null) return null;
  return (
    <Dialog
      title={`Delete ${rule.name}?`}
      about={
        rule.memberCount === 0
          ? "It gives nothing to anybody at the moment."
          : `What it gave ends at once for ${peopleWords(rule.memberCount)}.`
      }
      isOpen
      onClose={onClose}
    >
      <Button onClick={onClose}>Cancel</Button>
      <Button
        kind="danger"
        onClick={() => {
          remove.mutate(rule.id);
          onClose();
        }}
      >
        Delete
      </Button>
    </Dialog>
  );
}
