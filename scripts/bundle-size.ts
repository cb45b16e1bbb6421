// Prints how much compressed JavaScript each route of the built web loads before it stands, as a Markdown table, and fails
// where one grows past the bound. It counts brotli, which every browser of today takes; gzip stands beside.
// `--dist FOLDER` looks at another build than apps/web/dist.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { type BuildManifest, listRouteFiles } from "../apps/web/route-files.ts";

/** What a browser that has nothing yet may load before the page that it opens stands, whichever that is. */
const routeBytesMax = 250_000;

const { dist } = parseArgs({ options: { dist: { type: "string", default: "apps/web/dist" } } }).values;
const manifestPath = join(dist, ".vite/manifest.json");
if (!existsSync(manifestPath)) {
  console.error(`There is no build in ${dist}. Run \`node scripts/ready.mjs start\` first.`);
  process.exit(1);
}

const manifest = JSON.parse(readFileSync(manifestPath, "utf8")) as BuildManifest;
const router = readFileSync("apps/web/src/app/router.tsx", "utf8");
const page = readFileSync(join(dist, "index.html"), "utf8");
// The build's own scripts are in the manifest; these stand in front of it.
const ahead = [...page.matchAll(/<script src="\/([^"]+)"/g)].map(([, file]) => file!);
const routes = listRouteFiles(manifest, router, ahead);
const packed = new Map(
  [...new Set(routes.flatMap(({ first, later }) => [...first, ...later]))].map((file) => {
    const path = join(dist, file);
    const plain = readFileSync(path);
    // The build packs what it names by its content; brotli takes its time.
    const br = existsSync(`${path}.br`) ? statSync(`${path}.br`).size : brotliCompressSync(plain).length;
    return [file, { br, gzip: gzipSync(plain, { level: 9 }).length }] as const;
  }),
);

console.log("| route | JavaScript, brotli | gzip | files | loaded later, brotli |\n|---|--:|--:|--:|--:|");
for (const { route, first, later } of routes) {
  const sizes = [kilobytes(sum(first, "br")), kilobytes(sum(first, "gzip")), first.length, kilobytes(sum(later, "br"))];
  console.log(`| ${route} | ${sizes.join(" | ")} |`);
}
console.log(`\nEach must stay under ${kilobytes(routeBytesMax)} by brotli.`);
for (const { route, first } of routes) {
  const bytes = sum(first, "br");
  if (bytes > 0 && bytes < routeBytesMax) continue;
  console.error(`${route} takes ${kilobytes(bytes)} of JavaScript, of ${kilobytes(routeBytesMax)} at most.`);
  process.exitCode = 1;
}

/** Each file is compressed by itself, as it is sent. */
function sum(files: readonly string[], form: "br" | "gzip"): number {
  return files.reduce((total, file) => total + packed.get(file)![form], 0);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
