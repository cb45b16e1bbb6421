import type { Member } from "@finops/capabilities/people/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { ChoiceMenu } from "@finops/ui/primitives/choice-menu";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { formatDay } from "@finops/ui/text/format-day";
import { formatCount } from "@finops/ui/text/format-figure";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { UserPlus } from "lucide-react";
import { useMemo } from "react";
import { Beside } from "../../lib/beside.tsx";
import { Page } from "../../lib/page.tsx";
import { useMay, useSession } from "../../lib/session.ts";
import { Invitations } from "./invitations.tsx";
import { InvitePanel } from "./invite-panel.tsx";
import { filterMembers } from "./filter-members.ts";
import { groupsQuery, membersQuery, personName, rolesQuery, unitsQuery } from "../../lib/people-queries.ts";
import type { PeopleSearch } from "./people-search.ts";
import { PeopleTabs } from "./people-tabs.tsx";
import { PersonPanel } from "./person-panel.tsx";
import { ScopeText } from "../../lib/cost-filter/scope-field.tsx";
import { unitPath } from "../../lib/unit-path.ts";

const route = getRouteApi("/people");

/** Who belongs to the company, with what, and one person beside the list. */
export function PeoplePage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const members = useQuery(membersQuery);
  const mayInvite = useMay("members:write");
  const go = (change: Partial<PeopleSearch>, replace = true) =>
    void navigate({ to: "/people", search: { ...search, ...change }, replace });
  const person = members.data?.find((member) => member.id === search.person);
  return (
    <Beside
      panel={
        search.invite === "yes" && mayInvite ? (
          <InvitePanel onClose={() => go({ invite: undefined })} onInvited={() => go({ invite: undefined })} />
        ) : (
          person !== undefined && (
            <PersonPanel key={person.id} person={person} onClose={() => go({ person: undefined })} />
          )
        )
      }
    >
      <Page
        title="People"
        tools={<PeopleTabs />}
        actions={
          mayInvite && (
            <Button
              kind="primary"
              icon={<UserPlus size={16} aria-hidden />}
              onClick={() => go({ invite: "yes", person: undefined })}
            >
              Invite
            </Button>
          )
        }
      >
        <Async of={members} name="The people" skeleton={<Skeleton className="h-96 w-full" />}>
          {(list) => <PeopleList members={list} search={search} onSearch={go} />}
        </Async>
        <Invitations />
      </Page>
    </Beside>
  );
}

interface PeopleListProps {
  members: readonly Member[];
  search: PeopleSearch;
  onSearch: (change: Partial<PeopleSearch>, replace?: boolean) => void;
}

function PeopleList({ members, search, onSearch }: PeopleListProps) {
  const rows = useMemo(() => filterMembers(members, search), [members, search]);
  const columns = useColumns();
  return (
    <>
      <Sentence members={members} />
      <section aria-label="People" className="min-w-0 rounded-lg border border-line bg-surface-1">
        <DataTable
          label="People"
          rows={rows}
          columns={columns}
          rowId={(member) => member.id}
          onActivate={(member) => onSearch({ person: member.id, invite: undefined }, false)}
          state={{ find: search.find ?? "" }}
          onState={(next, patch) => {
            if (patch.find !== undefined) onSearch({ find: next.find === "" ? undefined : next.find });
          }}
          tools={<Filters search={search} onSearch={onSearch} />}
          empty="Nobody is like that. Clear a filter to see more."
        />
      </section>
    </>
  );
}

/** What matters first: how many there are, and how many see everything. */
function Sentence({ members }: { members: readonly Member[] }) {
  const limited = members.filter((member) => member.scope !== null).length;
  const owners = members.filter((member) => member.role.key === "owner").length;
  const count = (of: number, one: string, many: string) => `${formatCount(of)} ${of === 1 ? one : many}`;
  return (
    <p className="mb-4 text-lg" data-testid="sentence">
      {count(members.length, "person belongs", "people belong")} to the company: {count(owners, "owner", "owners")}
      {limited === 0
        ? ", and everybody's role holds for all costs."
        : `, and ${formatCount(limited)} whose role is limited to a part of the costs.`}
    </p>
  );
}

function useColumns(): DataColumn<Member>[] {
  const { data: units } = useQuery(unitsQuery);
  const session = useSession();
  const me = session.data?.signedIn === true ? session.data.email : null;
  return useMemo(
    () => [
      {
        id: "name",
        header: "Person",
        value: (member) => `${member.name} ${member.email}`,
        cell: (member) => (
          <span className="flex min-w-0 items-baseline gap-2">
            <span className="max-w-full shrink-0 truncate font-medium" dir="auto" title={personName(member)}>
              {personName(member)}
            </span>
            {member.email === me && <span className="shrink-0 text-xs text-text-2">you</span>}
            {member.name !== "" && (
              <span className="min-w-0 truncate text-xs text-text-2" title={member.email}>
                {member.email}
              </span>
            )}
          </span>
        ),
      },
      { id: "role", header: "Role", width: 176, value: (member) => member.role.name },
      {
        id: "costs",
        header: "Sees",
        width: 200,
        value: (member) => (member.scope === null ? "All costs" : "A part of the costs"),
        cell: (member) => <ScopeText scope={member.scope} />,
      },
      {
        id: "unit",
        header: "Unit",
        width: 200,
        isMinor: true,
        value: (member) => unitPath(units ?? [], member.unitId),
        cell: (member) => <span dir="auto">{unitPath(units ?? [], member.unitId) || <Nothing />}</span>,
      },
      {
        id: "groups",
        header: "Groups",
        width: 200,
        isMinor: true,
        value: (member) => member.groups.map((group) => group.name).join(", "),
        cell: (member) =>
          member.groups.length === 0 ? (
            <Nothing />
          ) : (
            <span className="flex items-center gap-1.5" title={member.groups.map((group) => group.name).join(", ")}>
              <Badge>{member.groups[0]!.name}</Badge>
              {member.groups.length > 1 && (
                <span className="shrink-0 text-xs text-text-2">+{member.groups.length - 1}</span>
              )}
            </span>
          ),
      },
      {
        id: "joined",
        header: "Since",
        kind: "day",
        isMinor: true,
        value: (member) => member.joinedAt.slice(0, 10),
        cell: (member) => formatDay(member.joinedAt.slice(0, 10)),
      },
    ],
    [units, me],
  );
}

function Nothing() {
  return <span className="text-text-3">–</span>;
}

function Filters({ search, onSearch }: Pick<PeopleListProps, "search" | "onSearch">) {
  const { data: roles } = useQuery(rolesQuery);
  const { data: groups } = useQuery(groupsQuery);
  const { data: units } = useQuery(unitsQuery);
  const any = { value: "", label: "any" };
  const set = (key: "role" | "unit" | "group" | "costs") => (value: string) =>
    onSearch({ [key]: value === "" ? undefined : value });
  return (
    <span className="flex flex-wrap gap-1">
      <ChoiceMenu
        label="Role"
        value={search.role ?? ""}
        choices={[any, ...(roles?.roles ?? []).map(({ key, name }) => ({ value: key, label: name }))]}
        onChoose={set("role")}
      />
      <ChoiceMenu
        label="Sees"
        value={search.costs ?? ""}
        choices={[any, { value: "all", label: "all costs" }, { value: "part", label: "a part" }]}
        onChoose={set("costs")}
      />
      {units !== undefined && units.length > 0 && (
        <ChoiceMenu
          label="Unit"
          value={search.unit ?? ""}
          choices={[any, ...units.map((unit) => ({ value: unit.id, label: unitPath(units, unit.id) }))]}
          onChoose={set("unit")}
        />
      )}
      {groups !== undefined && groups.length > 0 && (
        <ChoiceMenu
          label="Group"
          value={search.group ?? ""}
          choices={[any, ...groups.map(({ id, name }) => ({ value: id, label: name }))]}
          onChoose={set("group")}
        />
      )}
    </span>
  );
}
