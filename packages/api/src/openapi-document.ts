import type { AppEnv } from "@finops/platform/http/app-env";
import { apiVersion } from "@finops/platform/http/api-version";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { answersSecret, readingPosts } from "./idempotency.ts";

type Document = ReturnType<OpenAPIHono<AppEnv>["getOpenAPI31Document"]>;
type Operation = NonNullable<NonNullable<Document["paths"]>[string]["get"]>;

const methods = ["get", "post", "put", "patch", "delete"] as const;

/**
 * The OpenAPI 3.1 document: what the routes declare, and what the door adds to all of them, so that no route can forget it:
 * how one signs in, conditional requests, idempotency keys, a name and a group for each operation.
 */
export function describeApi(app: OpenAPIHono<AppEnv>): Document {
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "FinOps platform",
      version: apiVersion,
      description:
        "Costs, bills and what is published. Errors are problem+json; their `type` leads to what they mean. See docs/api.md for pages, conditional requests and idempotency keys.",
      license: { name: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [{ session: [] }, { key: [] }],
  });
  document.components = {
    ...document.components,
    securitySchemes: {
      session: {
        type: "apiKey",
        in: "cookie",
        name: "__Host-finops_session",
        description: "What signing in sets. Anything but a GET carries the header X-Finops-Request too.",
      },
      key: { type: "http", scheme: "bearer", description: "An API key, `finops_…`." },
    },
  };
  for (const [path, item] of Object.entries(document.paths ?? {}))
    for (const method of methods) {
      const operation = item[method];
      if (operation !== undefined) complete(operation, method, path);
    }
  const tags = Object.values(document.paths ?? {}).flatMap((item) =>
    methods.flatMap((method) => item[method]?.tags ?? []),
  );
  document.tags = [...new Set(tags)].toSorted().map((name) => ({ name }));
  return document;
}

function complete(operation: Operation, method: (typeof methods)[number], path: string): void {
  operation.operationId ??= operationName(method, path);
  operation.tags ??= [capitalized(path.split("/")[3] ?? "api")];
  const parameters = (operation.parameters ??= []);
  // The routes about a person's companies have neither: what switching answers is a secret, which is kept nowhere.
  if (!path.startsWith("/api/v1/")) return;
  const isJson = operation.responses?.["200"]?.content?.["application/json"] !== undefined;
  if (isJson && (method === "get" || tagged.has(path))) {
    parameters.push({
      name: "If-None-Match",
      in: "header",
      description: "The ETag of an answer that you have; 304 says that it still holds.",
      schema: { type: "string", maxLength: 1000 },
    });
    operation.responses!["304"] = { description: "You have it already" };
  }
  if (method === "post" && path.startsWith("/api/v1/") && !readingPosts.has(path) && !answersSecret(path))
    parameters.push({
      name: "Idempotency-Key",
      in: "header",
      description: "A name of your choice for this request: sent again within a day, it is done once.",
      schema: { type: "string", pattern: "^[!-~]{1,255}$" },
    });
}

/** POSTs whose answers have a tag. */
const tagged: ReadonlySet<string> = new Set(["/api/v1/cost/query", "/api/v1/cost/rows"]);

/** `get /api/v1/imports/{id}` is `getImportsById`. */
function operationName(method: string, path: string): string {
  const words = path
    .replace(/^\/api\/(v1\/)?/, "")
    .split(/[/-]/)
    .filter((word) => word !== "")
    .map((word) => (word.startsWith("{") ? `By${capitalized(word.slice(1, -1))}` : capitalized(word)));
  return `${method}${words.join("")}`;
}

function capitalized(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}
