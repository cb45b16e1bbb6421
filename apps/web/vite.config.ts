import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import { type BuildManifest, listRouteFiles } from "./route-files.ts";

// In development Vite serves the page and hands everything else to the server, which `pnpm dev` starts on this port.
const server = `http://localhost:${process.env["PORT"] ?? "3000"}`;

// A file of its own for every part that two pages share made fifty of a page: each packs worse and is one more request to
// wait for before anything is drawn. So what is loaded together is one file, unless a page would load much that it does not use.
const groups = [
  { name: "app", tags: ["$initial" as const] },
  {
    name: "kit",
    minShareCount: 8,
    test: /lucide-react.dist.esm.icons|packages.ui.src.(primitives|text|states|figures|charts.(use-width|chart-image)|table.(use-latest|arrange-rows))|kernel.src.(format-|decimal|period|buckets)|apps.web.src.lib.[\w-]+\.tsx?$/,
  },
  {
    name: "charts",
    minShareCount: 3,
    test: /packages.ui.src.(period.(?!presets)|charts.(trend|chart-|bar-rows|legend|horizontal|heatmap-layout|part|series|figure-text|use-marks))/,
  },
  {
    name: "parts",
    minShareCount: 2,
    test: /apps.web.src.lib.(late|use-settled|use-near-screen|figure-button|field-groups|cost-view.(cost-answers|measure-figure)|cost-filter.filter-tree)\.|primitives.search-menu|figures.quantity|modern.useInfiniteQuery/,
  },
  { name: "icons", minShareCount: 2, test: /lucide-react.dist.esm.icons/ },
];

export default defineConfig({
  plugins: [react(), tailwindcss(), packFiles(), writeRoutes()],
  // The server replaces this with the nonce of each answer.
  html: { cspNonce: "%CSP_NONCE%" },
  // Inlined files would be data: URLs, which the policy does not allow for fonts.
  // The manifest says which files each route loads (route-files.ts).
  build: {
    assetsInlineLimit: 0,
    manifest: true,
    sourcemap: false,
    target: "es2023",
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
  server: {
    port: Number(process.env["WEB_PORT"] ?? 5173),
    proxy: {
      "/api": { target: server, ws: true },
      "/docs": server,
      "/sign-in": server,
      "/slack": server,
      "/sign-out": server,
      "/healthz": server,
    },
  },
});

/** Packs scripts and styles as small as they get, once, so that no start of the server and no first visit pays for it. */
function packFiles(): Plugin {
  return {
    name: "pack-files",
    apply: "build",
    writeBundle({ dir }) {
      for (const file of readdirSync(join(dir!, "assets")).filter((name) => /\.(js|css)$/.test(name))) {
        const path = join(dir!, "assets", file);
        const plain = readFileSync(path);
        writeFileSync(`${path}.gz`, gzipSync(plain, { level: 9 }));
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
        writeFileSync(`${path}.br`, brotliCompressSync(plain, { params }));
      }
    },
  };
}

/** Says in routes.json which files each page needs beyond the app's own, so that the server can name them with the page. */
function writeRoutes(): Plugin {
  return {
    name: "write-routes",
    apply: "build",
    writeBundle({ dir }) {
      const manifest = JSON.parse(readFileSync(join(dir!, ".vite/manifest.json"), "utf8")) as BuildManifest;
      const page = readFileSync(join(dir!, "index.html"), "utf8");
      const router = readFileSync(join(import.meta.dirname, "src/app/router.tsx"), "utf8");
      const routes = listRouteFiles(manifest, router, []).map(({ route, first }) => ({
        route,
        files: first.filter((file) => !page.includes(file)),
      }));
      writeFileSync(join(dir!, "routes.json"), JSON.stringify(routes));
    },
  };
}
