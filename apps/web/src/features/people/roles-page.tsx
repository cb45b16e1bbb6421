import type { Role, RoleList } from "@finops/capabilities/people/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useMemo } from "react";
import { Beside } from "../../lib/beside.tsx";
import { Page } from "../../lib/page.tsx";
import { useMay } from "../../lib/session.ts";
import { rolesQuery } from "../../lib/people-queries.ts";
import type { RolesSearch } from "./people-search.ts";
import { AccessRules } from "./access-rules.tsx";
import { RolePanel } from "./role-panel.tsx";
import { RulePanel } from "./rule-panel.tsx";

const route = getRouteApi("/roles");
/** No role can have this key: those begin with a letter. */
const newRole = "+";

/** The roles of the company: those that every company has, and its own. */
export function RolesPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const roles = useQuery(rolesQuery);
  const mayChange = useMay("access:write");
  const seesRules = useMay("audit:read") || mayChange;
  const go = (next: RolesSearch, replace = true) => void navigate({ to: "/roles", search: next, replace });
  return (
    <Beside
      panel={
        search.rule === "new" && mayChange ? (
          <RulePanel onClose={() => go({})} />
        ) : (
          roles.data !== undefined && <OpenedRole list={roles.data} search={search} onGo={go} />
        )
      }
    >
      <Page
        title="Roles"
        actions={
          mayChange && (
            <Button kind="primary" icon={<Plus size={16} aria-hidden />} onClick={() => go({ role: newRole }, false)}>
              New role
            </Button>
          )
        }
      >
        <Async of={roles} name="The roles" skeleton={<Skeleton className="h-96 w-full" />}>
          {(list) => (
            <section aria-label="Roles" className="min-w-0 rounded-lg border border-line bg-surface-1">
              <RoleTable list={list} onOpen={(role) => go({ role: role.key }, false)} />
            </section>
          )}
        </Async>
        {seesRules && <AccessRules mayChange={mayChange} onNew={() => go({ rule: "new" }, false)} />}
      </Page>
    </Beside>
  );
}

function OpenedRole({
  list,
  search,
  onGo,
}: {
  list: RoleList;
  search: RolesSearch;
  onGo: (next: RolesSearch, replace?: boolean) => void;
}) {
  const role = list.roles.find((one) => one.key === search.role);
  const isNew = search.role === newRole;
  if (role === undefined && !isNew) return null;
  const from = list.roles.find((one) => one.key === search.from);
  return (
    <RolePanel
      key={`${search.role} ${search.from}`}
      list={list}
      role={role ?? null}
      from={from ?? null}
      onOpen={(key) => onGo({ role: key })}
      onCopy={(key) => onGo({ role: newRole, from: key })}
      onClose={() => onGo({})}
    />
  );
}

function RoleTable({ list, onOpen }: { list: RoleList; onOpen: (role: Role) => void }) {
  const columns = useMemo((): DataColumn<Role>[] => {
    const all = list.permissions.length;
    return [
      {
        id: "name",
        header: "Role",
        value: (role) => `${role.name} ${role.key}`,
        cell: (role) => (
          <span className="flex min-w-0 items-baseline gap-2">
            <span className="min-w-0 truncate font-medium" dir="auto">
              {role.name}
            </span>
            <span className="shrink-0 text-xs text-text-2">{role.key}</span>
          </span>
        ),
      },
      {
        id: "kind",
        header: "Kind",
        width: 112,
        value: (role) => (role.isBuiltIn ? "Built in" : "Own"),
        cell: (role) => (
          <Badge tone={role.isBuiltIn ? "neutral" : "accent"}>{role.isBuiltIn ? "Built in" : "Own"}</Badge>
        ),
      },
      {
        id: "permissions",
        header: "Permissions",
        kind: "count",
        width: 128,
        value: (role) => String(role.permissions.length),
        cell: (role) => `${role.permissions.length} of ${all}`,
      },
      { id: "people", header: "People", kind: "count", width: 96, value: (role) => String(role.memberCount) },
    ];
  }, [list]);
  return <DataTable label="Roles" rows={list.roles} columns={columns} rowId={(role) => role.key} onActivate={onOpen} />;
}
