import { type PatchInput, urns } from "./contract.ts";
import { scimError } from "./scim-error.ts";

/** A person as an identity provider describes them. */
export interface UserDraft {
  userName: string;
  externalId: string | null;
  isActive: boolean;
  email: string | null;
  /** By the attribute's path, such as `name.givenName`. */
  profile: Readonly<Record<string, string>>;
}

const enterprisePaths = ["employeeNumber", "costCenter", "organization", "division", "department"].map(
  (name) => `${urns.enterprise}:${name}`,
);

/** What is kept of a person beside their name, address and state. */
export const profilePaths = [
  "displayName",
  "nickName",
  "title",
  "userType",
  "preferredLanguage",
  "locale",
  "timezone",
  "name.formatted",
  "name.givenName",
  "name.middleName",
  "name.familyName",
  ...enterprisePaths,
] as const;

/** Standard attributes that nothing here needs: taken without a word, so that a provider may send its whole directory. */
const notKept = [
  "phoneNumbers",
  "addresses",
  "ims",
  "photos",
  "roles",
  "entitlements",
  "x509Certificates",
  "profileUrl",
  "password",
  "name.honorificPrefix",
  "name.honorificSuffix",
  // Said by this side alone.
  "id",
  "schemas",
  "meta",
  "groups",
];

const valueMax = 500;

const emptyDraft: UserDraft = { userName: "", externalId: null, isActive: true, email: null, profile: {} };

/** A person from a whole resource: what it does not say is empty, but the address of somebody who is known already. */
export function draftOf(resource: Readonly<Record<string, unknown>>, email: string | null = null): UserDraft {
  return setAll({ ...emptyDraft, email }, resource);
}

/** Applies the operations of a PATCH in their order (RFC 7644, 3.5.2). */
export function patchDraft(draft: UserDraft, { Operations }: PatchInput): UserDraft {
  let patched = draft;
  for (const { op, path, value } of Operations) {
    const verb = op.toLowerCase();
    if (!["add", "replace", "remove"].includes(verb))
      throw scimError("invalidSyntax", `There is no operation "${op}". There are add, replace and remove.`);
    if (path === undefined || path === "") {
      if (verb === "remove") throw scimError("noTarget", "Say in path what is to be removed.");
      if (typeof value !== "object" || value === null || Array.isArray(value))
        throw scimError("invalidValue", "Without a path, the value is an object of attributes.");
      patched = setAll(patched, value as Record<string, unknown>);
    } else patched = setPath(patched, path, verb === "remove" ? null : value);
  }
  return patched;
}

/** Sets each attribute of an object; objects in it are gone through, and their keys may be paths of their own. */
function setAll(draft: UserDraft, values: Readonly<Record<string, unknown>>, prefix = ""): UserDraft {
  let set = draft;
  for (const [key, value] of Object.entries(values)) {
    const path = `${prefix}${key}`;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      const isSchema = path.toLowerCase() === urns.enterprise.toLowerCase();
      set = setAll(set, value as Record<string, unknown>, isSchema ? `${path}:` : `${path}.`);
    } else set = setPath(set, path, value);
  }
  return set;
}

function setPath(draft: UserDraft, path: string, value: unknown): UserDraft {
  const plain = path.replace(new RegExp(`^${urns.user}:`, "i"), "");
  const name = plain.toLowerCase();
  if (name === "active") return { ...draft, isActive: readBoolean(value) };
  if (name === "username") return { ...draft, userName: readText(value, plain) };
  if (name === "externalid") return { ...draft, externalId: readText(value, plain) || null };
  if (/^emails(\[.*\])?(\.value)?$/.test(name)) {
    const email = readEmail(value);
    return email === null ? draft : { ...draft, email };
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return setAll(
      draft,
      value as Record<string, unknown>,
      name === urns.enterprise.toLowerCase() ? `${plain}:` : `${plain}.`,
    );
  const kept = profilePaths.find((one) => one.toLowerCase() === name);
  if (kept !== undefined) {
    const { [kept]: _, ...others } = draft.profile;
    const text = readText(value, plain);
    return { ...draft, profile: text === "" ? others : { ...others, [kept]: text } };
  }
  // What a provider sends of extensions that are not known here says nothing about access.
  const isOther =
    /^(urn:|emails)/.test(name) ||
    notKept.some((one) => name.split(/[[.:]/)[0] === one.toLowerCase() || name === one.toLowerCase());
  if (isOther) return draft;
  throw scimError("invalidPath", `There is no attribute "${path.slice(0, 100)}" of a user.`);
}

/** Microsoft Entra sends the words True and False. */
function readBoolean(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "string" && /^(true|false)$/i.test(value)) return value.toLowerCase() === "true";
  throw scimError("invalidValue", "active is true or false.");
}

function readText(value: unknown, path: string): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value) && value.length === 1) return readText(value[0], path);
  if (typeof value === "object" && "value" in value) return readText(value.value, path);
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
    throw scimError("invalidValue", `${path.slice(0, 100)} is a text.`);
  const text = String(value).trim();
  if (text.length > valueMax)
    throw scimError("invalidValue", `${path.slice(0, 100)} has at most ${valueMax} characters.`);
  return text;
}

/** The primary address, else the one for work, else the first. */
function readEmail(value: unknown): string | null {
  const all = (Array.isArray(value) ? value : [value]) as unknown[];
  const emails = all.flatMap((one) => {
    const email = typeof one === "object" && one !== null ? (one as Record<string, unknown>) : { value: one };
    return typeof email["value"] === "string" && email["value"] !== "" ? [email] : [];
  });
  const isPrimary = (email: Readonly<Record<string, unknown>>) => /^true$/i.test(String(email["primary"]));
  const chosen = emails.find(isPrimary) ?? emails.find(({ type }) => type === "work") ?? emails[0];
  return chosen === undefined ? null : String(chosen["value"]).trim().toLowerCase();
}
