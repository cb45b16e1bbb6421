import type { Member, RoleList } from "@finops/capabilities/people/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Combobox } from "@finops/ui/primitives/combobox";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useQuery } from "@tanstack/react-query";
import { Eye } from "lucide-react";
import { useState } from "react";
import { membersQuery, personName, whatCanQuery } from "../../lib/people-queries.ts";
import { type PreviewLine, previewRole } from "./preview-role.ts";
import { ScopeText } from "../../lib/cost-filter/scope-field.tsx";

interface RolePreviewProps {
  draft: { key: string; permissions: readonly string[] };
  catalog: RoleList["permissions"];
}

/** What a chosen person could do with the role as it is written at this moment; it follows every tick. */
export function RolePreview({ draft, catalog }: RolePreviewProps) {
  const { data: members } = useQuery(membersQuery);
  const [personId, setPersonId] = useState<string | null>(null);
  const person = members?.find((member) => member.id === personId);
  return (
    <>
      <p className="mb-2 text-sm text-text-2">
        Choose a person to see what they could do with this role in place of the one they have in the company.
      </p>
      <Combobox
        label={person === undefined ? "Choose a person" : personName(person)}
        values={[]}
        none=""
        isMulti={false}
        icon={<Eye size={14} aria-hidden />}
        placeholder="Find a person"
        options={(members ?? []).map((member) => ({ value: member.id, label: personName(member) }))}
        onChange={([id]) => setPersonId(id ?? null)}
      />
      {person !== undefined && <Preview draft={draft} catalog={catalog} person={person} />}
    </>
  );
}

function Preview({ draft, catalog, person }: RolePreviewProps & { person: Member }) {
  const can = useQuery(whatCanQuery(person.id));
  return (
    <div className="mt-2" aria-live="polite">
      <Async of={can} name="The preview" skeleton={<Skeleton className="h-40 w-full" />}>
        {({ permissions }) => <PreviewLines lines={previewRole(draft, person, permissions, catalog)} />}
      </Async>
    </div>
  );
}

const changes = {
  stays: null,
  gained: { label: "New", tone: "good" },
  lost: { label: "Lost", tone: "bad" },
  "other-costs": { label: "Other costs", tone: "warning" },
} as const;

function PreviewLines({ lines }: { lines: readonly PreviewLine[] }) {
  if (lines.length === 0) return <p className="text-sm text-text-2">Nothing at all.</p>;
  return (
    <ul aria-label="With this role" className="divide-y divide-line rounded-md border border-line">
      {lines.map(({ permission, about, change, scopes }) => {
        const mark = changes[change];
        return (
          <li key={permission} className="flex items-start justify-between gap-3 px-2.5 py-1.5 text-sm">
            <span className={change === "lost" ? "min-w-0 text-text-3 line-through" : "min-w-0"} title={permission}>
              {about}
              {scopes.some((scope) => scope !== null) && (
                <span className="block text-xs text-text-2">
                  {scopes.map((scope, index) => (
                    <span key={JSON.stringify(scope)}>
                      {index > 0 && " or "}
                      <ScopeText scope={scope} />
                    </span>
                  ))}
                </span>
              )}
            </span>
            {mark !== null && <Badge tone={mark.tone}>{mark.label}</Badge>}
          </li>
        );
      })}
    </ul>
  );
}
