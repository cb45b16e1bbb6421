import { countMax, urns } from "./contract.ts";
import { profilePaths } from "./user-draft.ts";

const meta = (baseUrl: string, resourceType: string, path: string) => ({
  resourceType,
  location: `${baseUrl}/scim/v2/${path}`,
});

/** What this side of the protocol can (RFC 7643, 5). */
export function serviceProviderConfig(baseUrl: string) {
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: countMax },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: false },
    authenticationSchemes: [
      {
        type: "oauthbearertoken",
        name: "API key",
        description: "An API key of the company with the permission scim:write, as a bearer token.",
        primary: true,
      },
    ],
    meta: meta(baseUrl, "ServiceProviderConfig", "ServiceProviderConfig"),
  };
}

export function resourceTypes(baseUrl: string) {
  const type = (id: "User" | "Group", schema: string, extensions: readonly string[]) => ({
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
    id,
    name: id,
    endpoint: `/${id}s`,
    schema,
    schemaExtensions: extensions.map((extension) => ({ schema: extension, required: false })),
    meta: meta(baseUrl, "ResourceType", `ResourceTypes/${id}`),
  });
  return [type("User", urns.user, [urns.enterprise]), type("Group", urns.group, [])];
}

/** The attributes that are kept, and nothing that is not. */
export function schemas(baseUrl: string) {
  const attribute = (name: string, wish: Record<string, unknown> = {}) => ({
    name,
    type: "string",
    multiValued: false,
    required: false,
    caseExact: false,
    mutability: "readWrite",
    returned: "default",
    uniqueness: "none",
    ...wish,
  });
  const schema = (id: string, name: string, attributes: readonly unknown[]) => ({
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
    id,
    name,
    attributes,
    meta: meta(baseUrl, "Schema", `Schemas/${id}`),
  });
  const complex = (name: string, multiValued: boolean, subAttributes: readonly unknown[], wish = {}) =>
    attribute(name, { type: "complex", multiValued, subAttributes, ...wish });
  const below = (prefix: string) =>
    profilePaths.flatMap((path) => (path.startsWith(prefix) ? [attribute(path.slice(prefix.length))] : []));
  const plain = profilePaths.flatMap((path) => (/^\w+$/.test(path) ? [attribute(path)] : []));
  return [
    schema(urns.user, "User", [
      attribute("userName", { required: true, uniqueness: "server" }),
      attribute("externalId", { caseExact: true }),
      attribute("active", { type: "boolean" }),
      ...plain,
      complex("name", false, below("name.")),
      complex("emails", true, [attribute("value"), attribute("type"), attribute("primary", { type: "boolean" })], {
        mutability: "immutable",
      }),
      complex("groups", true, [attribute("value"), attribute("display")], { mutability: "readOnly" }),
    ]),
    schema(urns.enterprise, "EnterpriseUser", below(`${urns.enterprise}:`)),
    schema(urns.group, "Group", [
      attribute("displayName", { required: true, uniqueness: "server" }),
      attribute("externalId", { caseExact: true }),
      complex("members", true, [attribute("value"), attribute("display", { mutability: "readOnly" })]),
    ]),
  ];
}
