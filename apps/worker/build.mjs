// Puts the static assets of the Worker together in dist/assets: the built web app, and the files of the page that tries the API;
// and in dist/pages what a Pages project in front of it serves. Wrangler bundles the Worker itself. Plain JavaScript, as every
// build step.
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("../web/dist", import.meta.url));
const assets = fileURLToPath(new URL("dist/assets", import.meta.url));
const pages = fileURLToPath(new URL("dist/pages", import.meta.url));
const api = createRequire(new URL("../../packages/api/package.json", import.meta.url));

if (!existsSync(`${web}/index.html`)) {
  process.stderr.write("The web app is not built. Run `node scripts/ready.mjs start` first.\n");
  process.exit(1);
}
rmSync(assets, { recursive: true, force: true });
// Cloudflare packs by itself, and the build's manifest is nobody's to read.
cpSync(web, assets, {
  recursive: true,
  filter: (path) => !/\.(br|gz|map)$|[\\/]\.(vite|built-from)/.test(path.slice(web.length)),
});
mkdirSync(`${assets}/docs/assets`, { recursive: true });
for (const file of ["swagger-ui.css", "swagger-ui-bundle.js"])
  cpSync(api.resolve(`swagger-ui-dist/${file}`), `${assets}/docs/assets/${file}`);
writeFileSync(
  `${assets}/_headers`,
  `/assets/*
  Cache-Control: public, max-age=31536000, immutable
  X-Content-Type-Options: nosniff
/docs/assets/*
  X-Content-Type-Options: nosniff
`,
);

// Only what has a hash in its name is answered without the Worker, as `run_worker_first` of wrangler.jsonc says.
rmSync(pages, { recursive: true, force: true });
for (const part of ["assets", "docs/assets", "_headers"])
  cpSync(`${assets}/${part}`, `${pages}/${part}`, { recursive: true });
writeFileSync(`${pages}/_worker.js`, "export default { fetch: (request, env) => env.API.fetch(request) };\n");
writeFileSync(
  `${pages}/_routes.json`,
  JSON.stringify({ version: 1, include: ["/*"], exclude: ["/assets/*", "/docs/assets/swagger-ui*"] }),
);
