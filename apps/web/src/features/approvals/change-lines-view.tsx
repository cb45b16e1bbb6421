import type { ChangeRequestDetails } from "@finops/capabilities/approvals/contract";
import { useQuery } from "@tanstack/react-query";
import { scopeWords } from "../../lib/cost-filter/scope-words.ts";
import { catalogQuery } from "../../lib/cost-view/cost-answers.ts";
import { groupsQuery, rolesQuery, unitsQuery } from "../../lib/people-queries.ts";
import { useMay } from "../../lib/session.ts";
import { type ChangeLine, changeLines, type Names } from "./change-lines.ts";

/** What a change sets: as it is now, and as it would be. */
export function ChangeLines({ request }: { request: ChangeRequestDetails }) {
  const lines = changeLines(request, useNames());
  if (lines.length === 0)
    return (
      <p className="text-sm text-text-2">
        {request.effect !== null && request.effect.refusal === null && request.effect.after !== null
          ? "Nothing: it is like that already."
          : "What its sentence says."}
      </p>
    );
  const hasBefore = request.effect?.before != null;
  return (
    <table className="w-full table-fixed text-sm">
      <thead>
        <tr className="border-b border-line text-left text-xs text-text-2">
          <th scope="col" className="w-2/5 py-1 pr-3 font-medium">
            What
          </th>
          {hasBefore && (
            <th scope="col" className="py-1 pr-3 font-medium">
              Now
            </th>
          )}
          <th scope="col" className="py-1 font-medium">
            {request.effect === null ? "Is" : "Then"}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <Line key={line.label} line={line} hasBefore={hasBefore} />
        ))}
      </tbody>
    </table>
  );
}

function Line({ line: { label, before, after }, hasBefore }: { line: ChangeLine; hasBefore: boolean }) {
  return (
    <tr className="border-b border-line align-top last:border-b-0">
      <th scope="row" className="py-1.5 pr-3 text-left font-normal break-words text-text-2" dir="auto">
        {label}
      </th>
      {hasBefore && (
        <td className="py-1.5 pr-3 break-words text-text-2" dir="auto">
          {before ?? "–"}
        </td>
      )}
      <td className="py-1.5 font-medium break-words" dir="auto">
        {after ?? "–"}
      </td>
    </tr>
  );
}

/** How things of the company are called; what the reader may not see keeps its key. */
function useNames(): Names {
  const seesPeople = useMay("members:read");
  const roles = useQuery({ ...rolesQuery, enabled: seesPeople });
  const units = useQuery({ ...unitsQuery, enabled: seesPeople });
  const groups = useQuery({ ...groupsQuery, enabled: seesPeople });
  const catalog = useQuery({ ...catalogQuery, enabled: useMay("costs:read") });
  return {
    roles: roles.data?.roles ?? [],
    permissions: roles.data?.permissions ?? [],
    units: units.data ?? [],
    groups: groups.data ?? [],
    scope: (scope) => scopeWords(scope, catalog.data),
  };
}
