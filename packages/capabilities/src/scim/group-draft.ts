import { type PatchInput, urns } from "./contract.ts";
import { scimError } from "./scim-error.ts";

/** A group as an identity provider describes it. */
export interface GroupDraft {
  displayName: string;
  externalId: string | null;
  members: ReadonlySet<string>;
}

const membersMax = 5000;

export function groupDraftOf(resource: Readonly<Record<string, unknown>>): GroupDraft {
  const empty: GroupDraft = { displayName: "", externalId: null, members: new Set() };
  return requireWhole(setAll(empty, resource, "replace"));
}

/** Applies the operations of a PATCH in their order. */
export function patchGroupDraft(draft: GroupDraft, { Operations }: PatchInput): GroupDraft {
  let patched = draft;
  for (const { op, path, value } of Operations) {
    const verb = op.toLowerCase();
    if (verb !== "add" && verb !== "replace" && verb !== "remove")
      throw scimError("invalidSyntax", `There is no operation "${op}". There are add, replace and remove.`);
    if (path !== undefined && path !== "") patched = setPath(patched, path, value, verb);
    else if (verb === "remove") throw scimError("noTarget", "Say in path what is to be removed.");
    else if (typeof value !== "object" || value === null || Array.isArray(value))
      throw scimError("invalidValue", "Without a path, the value is an object of attributes.");
    else patched = setAll(patched, value as Record<string, unknown>, verb);
  }
  return requireWhole(patched);
}

type Verb = "add" | "replace" | "remove";

function setAll(draft: GroupDraft, values: Readonly<Record<string, unknown>>, verb: Verb): GroupDraft {
  return Object.entries(values).reduce((set, [path, value]) => setPath(set, path, value, verb), draft);
}

function setPath(draft: GroupDraft, path: string, value: unknown, verb: Verb): GroupDraft {
  const name = path.replace(new RegExp(`^${urns.group}:`, "i"), "");
  const key = name.toLowerCase();
  // Okta repeats the id, and the other three are said by this side alone.
  if (["id", "schemas", "meta"].includes(key)) return draft;
  if (key === "displayname") return { ...draft, displayName: verb === "remove" ? "" : readText(value, name) };
  if (key === "externalid") return { ...draft, externalId: verb === "remove" ? null : readText(value, name) || null };
  if (key === "members") return { ...draft, members: setMembers(draft.members, value, verb) };
  const one = /^members\[value eq "([^"]*)"\]$/i.exec(name)?.[1];
  if (one !== undefined && verb === "remove") return { ...draft, members: without(draft.members, [one]) };
  throw scimError("invalidPath", `There is no attribute "${path.slice(0, 100)}" of a group that could be changed.`);
}

function setMembers(members: ReadonlySet<string>, value: unknown, verb: Verb): ReadonlySet<string> {
  if (verb === "remove") return value === undefined || value === null ? new Set() : without(members, readIds(value));
  const ids = readIds(value);
  return new Set(verb === "add" ? [...members, ...ids] : ids);
}

function without(members: ReadonlySet<string>, ids: readonly string[]): ReadonlySet<string> {
  return new Set([...members].filter((id) => !ids.includes(id)));
}

function readIds(value: unknown): string[] {
  const all = (Array.isArray(value) ? value : [value]) as unknown[];
  if (all.length > membersMax) throw scimError("invalidValue", `A request names at most ${membersMax} members.`);
  return all.map((one) => {
    const id = typeof one === "object" && one !== null ? (one as Record<string, unknown>)["value"] : one;
    if (typeof id !== "string")
      throw scimError("invalidValue", "A member is an object with the id of a user as its value.");
    return id;
  });
}

function readText(value: unknown, name: string): string {
  if (typeof value !== "string" || value.length > 120)
    throw scimError("invalidValue", `${name.slice(0, 60)} is a text of at most 120 characters.`);
  return value.trim();
}

function requireWhole(draft: GroupDraft): GroupDraft {
  if (draft.displayName === "") throw scimError("invalidValue", "A group needs a displayName.");
  return draft;
}
