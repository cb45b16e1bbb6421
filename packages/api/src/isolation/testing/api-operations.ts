import { readingPosts } from "../../idempotency.ts";
import type { describeApi } from "../../openapi-document.ts";

/** As much of JSON Schema as the document's schemas use. */
interface Schema {
  $ref?: string;
  type?: string | readonly string[];
  enum?: readonly unknown[];
  const?: unknown;
  example?: unknown;
  pattern?: string;
  minimum?: number;
  minItems?: number;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: boolean | Schema;
}

interface Parameter {
  name: string;
  in: "path" | "query";
  required?: boolean;
  schema: Schema;
}

/** A request without its company: what stands in the path, the address and the body. */
export interface Request {
  path: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  body?: unknown;
  file?: string;
}

/** A place of a request that takes a text, and so could take something of another company. */
export interface Slot {
  where: string;
  isPath: boolean;
  put(request: Request, value: string): Request;
}

export interface ApiOperation {
  /** `GET /api/v1/views/{id}` */
  name: string;
  method: string;
  path: string;
  /** Whether it leaves everything as it is. */
  isReading: boolean;
  /** The parameters of the path that name a thing. */
  pathIds: readonly string[];
  /** The smallest request that the document allows; ids in its path are still to be filled in. */
  request: Request;
  slots: readonly Slot[];
}

type Document = ReturnType<typeof describeApi>;

/** Values that mean something to the platform, by the name of the field. Everything else is taken from the schema. */
type Words = Readonly<Record<string, unknown>>;
const words: Words = {
  measures: ["billedCost"],
  measure: "billedCost",
  dimension: "subAccountId",
  subdomain: "made",
  name: "subAccountId",
  key: "key",
  email: "person@text.example",
  role: "viewer",
  by: "billedCost",
  currency: "EUR",
  month: "2026-10",
  start: "2026-10-01",
  end: "2026-11-01",
  before: "2026-11-01",
  userName: "person@scim.example",
  displayName: "Group of the provider",
};

/** Parameters that hold JSON as text: where the document has its schema. */
const jsonTexts: Readonly<Record<string, (document: Document) => Schema>> = {
  figure: (document) => bodyOf(document.paths?.["/api/v1/proof"]?.post)!,
  filter: (document) => document.components!.schemas!["CostFilter"] as Schema,
};

/** POSTs that keep nothing, beside those that the document calls reading. */
const trials: ReadonlySet<string> = new Set(["/api/v1/imports/{id}/detect", "/api/v1/budgets/templates/{id}/draft"]);

const depthMax = 6;

/**
 * Every operation of the document with a request that it takes; `own` are values of the company that asks. A new route is
 * among them by being in the document.
 */
export function listOperations(document: Document, own: Words): ApiOperation[] {
  const reader = schemaReader(document, { ...words, ...own });
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    (["get", "post", "put", "patch", "delete"] as const).flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [readOperation(document, reader, method, path, operation)];
    }),
  );
}

type Operation = NonNullable<NonNullable<Document["paths"]>[string]["get"]>;

type SchemaReader = ReturnType<typeof schemaReader>;

function readOperation(
  document: Document,
  read: SchemaReader,
  method: string,
  path: string,
  operation: Operation,
): ApiOperation {
  const parameters = ((operation.parameters ?? []) as unknown as Parameter[]).filter(
    (parameter) => parameter.in === "path" || parameter.in === "query",
  );
  const inPath = parameters.filter((parameter) => parameter.in === "path");
  const inQuery = parameters.filter((parameter) => parameter.in === "query");
  const body = bodyOf(operation);
  const sampleOf = (parameter: Parameter) => {
    const text = jsonTexts[parameter.name]?.(document);
    return text === undefined
      ? String(read.sample(parameter.schema, parameter.name))
      : JSON.stringify(read.sample(text, ""));
  };
  const example = exampleOf(operation);
  const request: Request = {
    path: Object.fromEntries(inPath.map((parameter) => [parameter.name, sampleOf(parameter)])),
    query: Object.fromEntries(
      inQuery
        .filter((parameter) => parameter.required === true)
        .map((parameter) => [parameter.name, sampleOf(parameter)]),
    ),
    ...(body === null ? {} : { body: example ?? read.sample(body, "") }),
    ...(takesFile(operation) ? { file: "a,b\n1,2\n" } : {}),
  };
  const pathIds = inPath.filter(({ name, schema }) => isText(schema) && !read.isKnown(name));
  return {
    name: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    isReading: method === "get" || readingPosts.has(path) || trials.has(path),
    pathIds: pathIds.map((parameter) => parameter.name),
    request,
    slots: [
      ...[...inPath, ...inQuery].flatMap((parameter) => slotsOfParameter(document, read, parameter)),
      ...(body === null ? [] : read.variants(body, "")).map(({ where, make }): Slot => ({
        where: `body${where}`,
        isPath: false,
        put: (given, value) => ({ ...given, body: make(value) }),
      })),
    ],
  };
}

function slotsOfParameter(document: Document, read: SchemaReader, { name, in: place, schema }: Parameter): Slot[] {
  const put = (request: Request, text: string): Request => ({
    ...request,
    [place]: { ...request[place], [name]: text },
  });
  const where = `${place} ${name}`;
  const text = jsonTexts[name]?.(document);
  if (text !== undefined)
    return read.variants(text, "").map((variant) => ({
      where: `${where}${variant.where}`,
      isPath: false,
      put: (request, value) => put(request, JSON.stringify(variant.make(value))),
    }));
  return isText(schema) ? [{ where, isPath: place === "path", put }] : [];
}

interface Variant {
  where: string;
  /** The smallest value of the schema, with one text set. */
  make(value: string): unknown;
}

function schemaReader(document: Document, known: Words) {
  const resolve = (schema: Schema): Schema =>
    schema.$ref === undefined
      ? schema
      : (document.components!.schemas![schema.$ref.split("/").at(-1)!] as unknown as Schema);

  function sample(given: Schema, name: string): unknown {
    const schema = resolve(given);
    const choice = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
    if (choice.length > 0) return sample(choice.find((one) => !needsItself(resolve(one))) ?? choice[0]!, name);
    if (schema.example !== undefined) return schema.example;
    if (known[name] !== undefined) return known[name];
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return schema.enum[0];
    const type = typeof schema.type === "object" ? schema.type[0] : schema.type;
    if (type === "object")
      return Object.fromEntries(
        (schema.required ?? []).map((key) => [key, sample(schema.properties?.[key] ?? {}, key)]),
      );
    if (type === "array") return Array.from({ length: schema.minItems ?? 0 }, () => sample(schema.items ?? {}, ""));
    if (type === "integer" || type === "number") return schema.minimum ?? 1;
    return type === "boolean" ? true : "text";
  }

  function variants(given: Schema, name: string, depth = 0): Variant[] {
    if (depth > depthMax) return [];
    const schema = resolve(given);
    const choice = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
    if (choice.length > 0) return choice.flatMap((one) => variants(one, name, depth + 2));
    if (isText(schema)) return [{ where: "", make: (value) => value }];
    if (schema.items !== undefined)
      return variants(schema.items, name, depth + 1).map(({ where, make }) => ({
        where: `[0]${where}`,
        make: (value) => [make(value)],
      }));
    const least = schema.type === "object" ? (sample(schema, name) as object) : {};
    const named = Object.entries(schema.properties ?? {}).flatMap(([key, property]) =>
      variants(property, key, depth + 1).map(({ where, make }) => ({
        where: `.${key}${where}`,
        make: (value: string) => ({ ...least, [key]: make(value) }),
      })),
    );
    if (typeof schema.additionalProperties !== "object") return named;
    return [
      ...named,
      { where: "{key}", make: (value) => ({ ...least, [value]: "text" }) },
      { where: "{value}", make: (value) => ({ ...least, text: value }) },
    ];
  }
  return { sample, variants, isKnown: (name: string) => name !== "key" && known[name] !== undefined };
}

/** Whether the smallest value holds a value of a named schema, and so may never end. */
function needsItself({ required = [], properties = {} }: Schema): boolean {
  return required.some((key) => properties[key]?.$ref !== undefined || properties[key]?.items?.$ref !== undefined);
}

/** A text of any kind: not one of a few words, and no day. */
function isText(schema: Schema): boolean {
  const isString = schema.type === "string" || (Array.isArray(schema.type) && schema.type.includes("string"));
  return (
    isString &&
    schema.enum === undefined &&
    schema.const === undefined &&
    schema.pattern?.startsWith("^\\d{4}") !== true
  );
}

interface Content {
  schema?: unknown;
  example?: unknown;
  examples?: Readonly<Record<string, { value?: unknown }>>;
}

function contentOf(operation: Operation | undefined): Readonly<Record<string, Content>> {
  return (operation?.requestBody as { content?: Record<string, Content> } | undefined)?.content ?? {};
}

function bodyOf(operation: Operation | undefined): Schema | null {
  return (contentOf(operation)["application/json"]?.schema as Schema | undefined) ?? null;
}

function exampleOf(operation: Operation): unknown {
  const content = contentOf(operation)["application/json"];
  return content?.example ?? Object.values(content?.examples ?? {})[0]?.value;
}

function takesFile(operation: Operation): boolean {
  return contentOf(operation)["application/octet-stream"] !== undefined;
}

/** Fields whose text may stand only once in a company, or in the installation. */
const unique: ReadonlySet<string> = new Set(["name", "key", "email", "subdomain", "userName", "displayName"]);
let freshCount = 0;

/** A request that makes something, with names that nothing has yet wherever the smallest request has its own words. */
export function withFreshNames({ isReading, method, path }: ApiOperation, request: Request): Request {
  const { body } = request;
  if (isReading || method !== "POST" || path.includes("{") || typeof body !== "object" || body === null) return request;
  freshCount += 1;
  const fresh = Object.entries(body).map(([key, value]: [string, unknown]) => [
    key,
    unique.has(key) && value === words[key] ? freshName(String(value)) : value,
  ]);
  return { ...request, body: Object.fromEntries(fresh) as unknown };
}

const freshName = (word: string) => `fresh-${String(freshCount).padStart(6, "0")}-${word}`;

/** A text without the numbers of names that were made for it. */
export function withoutFreshNames(text: string): string {
  return text.replaceAll(/fresh-\d{6}/g, "fresh");
}

/** The address of a request. */
export function addressOf({ path }: ApiOperation, request: Request): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(request.path[name] ?? ""));
  const query = new URLSearchParams(request.query).toString();
  return query === "" ? filled : `${filled}?${query}`;
}
