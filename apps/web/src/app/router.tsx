import {
  createRootRoute,
  createRoute,
  createRouter,
  defaultStringifySearch,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { readBillsSearch } from "../features/bills/bills-search.ts";
import { readOverviewSearch } from "../features/overview/overview-search.ts";
import { readDoorSearch } from "../lib/figure-door.ts";
import { readableSearch, readViewSearch } from "../lib/view-search.ts";
import { CrashPage, MissingPage } from "./error-pages.tsx";
import { Shell } from "./shell.tsx";

const root = createRootRoute({ validateSearch: readDoorSearch, component: Shell, notFoundComponent: MissingPage });

const overview = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: readOverviewSearch,
  component: lazyRouteComponent(() => import("../features/overview/overview-page.tsx"), "OverviewPage"),
});

const explorer = createRoute({
  getParentRoute: () => root,
  path: "/explorer",
  validateSearch: readViewSearch,
  component: lazyRouteComponent(() => import("../features/explorer/explorer-page.tsx"), "ExplorerPage"),
});

const bills = createRoute({
  getParentRoute: () => root,
  path: "/bills",
  validateSearch: readBillsSearch,
  component: lazyRouteComponent(() => import("../features/bills/bills-page.tsx"), "BillsPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([overview, explorer, bills]),
  defaultPreload: "intent",
  defaultErrorComponent: CrashPage,
  scrollRestoration: true,
  stringifySearch: (search) => readableSearch(defaultStringifySearch(search)),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
