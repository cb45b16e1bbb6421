import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { readBillsSearch } from "../features/bills/bills-search.ts";
import { readCostsSearch } from "../features/costs/costs-search.ts";
import { readDoorSearch } from "../lib/figure-door.ts";
import { CrashPage, MissingPage } from "./error-pages.tsx";
import { Shell } from "./shell.tsx";

const root = createRootRoute({ validateSearch: readDoorSearch, component: Shell, notFoundComponent: MissingPage });

const overview = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: readCostsSearch,
  component: lazyRouteComponent(() => import("../features/costs/costs-page.tsx"), "CostsPage"),
});

const bills = createRoute({
  getParentRoute: () => root,
  path: "/bills",
  validateSearch: readBillsSearch,
  component: lazyRouteComponent(() => import("../features/bills/bills-page.tsx"), "BillsPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([overview, bills]),
  defaultPreload: "intent",
  defaultErrorComponent: CrashPage,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
