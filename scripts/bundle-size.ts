// Prints the size of the built web as a Markdown table and fails where the first load grows past its bound.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** What a browser fetches before it shows the first page: scripts and styles that index.html names, gzipped. */
const firstLoadBytesMax = 300_000;

const dist = "apps/web/dist";
if (!existsSync(`${dist}/index.html`)) {
  console.error("apps/web is not built. Run `node scripts/ready.mjs start` first.");
  process.exit(1);
}

const page = readFileSync(`${dist}/index.html`, "utf8");
const files = readdirSync(`${dist}/assets`)
  .filter((name) => /\.(js|css)$/.test(name))
  .map((name) => {
    const content = readFileSync(`${dist}/assets/${name}`);
    return { name, bytes: content.length, gzipBytes: gzipSync(content).length, first: page.includes(name) };
  })
  .toSorted((a, b) => b.gzipBytes - a.gzipBytes);
const firstLoadBytes = files.filter((file) => file.first).reduce((sum, file) => sum + file.gzipBytes, 0);

console.log("| file | size | gzip | first load |\n|---|--:|--:|---|");
for (const file of files) {
  console.log(
    `| ${file.name} | ${kilobytes(file.bytes)} | ${kilobytes(file.gzipBytes)} | ${file.first ? "yes" : ""} |`,
  );
}
console.log(`\nFirst load: ${kilobytes(firstLoadBytes)} gzipped, at most ${kilobytes(firstLoadBytesMax)}.`);
if (firstLoadBytes > firstLoadBytesMax) process.exitCode = 1;

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
