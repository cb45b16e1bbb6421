/** What Vite's manifest says of one file of the build. */
export interface BuiltChunk {
  file: string;
  imports?: string[];
  dynamicImports?: string[];
}
export type BuildManifest = Readonly<Record<string, BuiltChunk>>;

export interface RouteFiles {
  route: string;
  /** What a browser that opens the app on this route must have before the page stands: the app itself and the page. */
  first: string[];
  /** What the page may load afterwards: blocks below the fold, editors, dialogs. */
  later: string[];
}

const appEntry = "index.html";

/**
 * The JavaScript files of each route. `router` is the source of the router, whose routes load their page by a dynamic
 * import; `scripts` are files that the page names outside of the build. @throws when a route's page is not in the build.
 */
export function listRouteFiles(manifest: BuildManifest, router: string, scripts: readonly string[]): RouteFiles[] {
  const app = chunksFrom(manifest, [appEntry]);
  return readRoutes(router).map(({ route, page }) => {
    const first = new Set([...app, ...chunksFrom(manifest, [page])]);
    // What the app itself may load, other pages among it, is not this page's.
    const own = [...first].filter((name) => !app.has(name));
    const later = chunksFrom(
      manifest,
      own.flatMap((name) => manifest[name]!.dynamicImports ?? []),
    );
    return {
      route,
      first: [...scripts, ...filesOf(manifest, [...first])],
      later: filesOf(
        manifest,
        [...later].filter((name) => !first.has(name)),
      ),
    };
  });
}

/** Paths and the pages that they load, as the router's source says them. */
function readRoutes(router: string): { route: string; page: string }[] {
  const routes = [...router.matchAll(/path: "([^"]+)",[^]*?import\("\.\.\/([^"]+)"\)/g)];
  if (routes.length === 0) throw new Error("The router names no route with a page that is loaded for it.");
  return routes.map(([, route, page]) => ({ route: route!, page: `src/${page}` }));
}

/** Those chunks and all that they import, however far down. */
function chunksFrom(manifest: BuildManifest, starts: readonly string[]): Set<string> {
  const found = new Set<string>();
  const waiting = [...starts];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`The build has no ${name}; build it again.`);
    found.add(name);
    waiting.push(...(chunk.imports ?? []));
  }
  return found;
}

function filesOf(manifest: BuildManifest, chunks: readonly string[]): string[] {
  return [...new Set(chunks.map((name) => manifest[name]!.file))].filter((file) => file.endsWith(".js"));
}
