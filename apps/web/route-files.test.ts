import { describe, expect, it } from "vitest";
import { listRouteFiles } from "./route-files.ts";

const router = `
  const overview = createRoute({
    path: "/",
    component: lazyRouteComponent(() => import("../features/overview/overview-page.tsx"), "OverviewPage"),
  });
  const bills = createRoute({
    path: "/bills",
    component: lazyRouteComponent(() => import("../features/bills/bills-page.tsx"), "BillsPage"),
  });`;

const manifest = {
  "index.html": {
    file: "app.js",
    imports: ["_react.js"],
    dynamicImports: ["src/features/overview/overview-page.tsx", "src/features/bills/bills-page.tsx"],
  },
  "_react.js": { file: "react.js" },
  "src/features/overview/overview-page.tsx": {
    file: "overview.js",
    imports: ["index.html", "_chart.js"],
    dynamicImports: ["src/features/overview/heat-card.tsx"],
  },
  "_chart.js": { file: "chart.js", imports: ["_react.js"] },
  "src/features/overview/heat-card.tsx": { file: "heat.js", imports: ["_chart.js"] },
  "src/features/bills/bills-page.tsx": { file: "bills.js", imports: ["_react.js"] },
};

describe("the files of a route", () => {
  it("are those of the app and of its own page, each once, and not those of other pages", () => {
    const [overview, bills] = listRouteFiles(manifest, router, ["theme.js"]);
    expect(overview).toMatchObject({ route: "/" });
    expect(overview!.first.toSorted()).toEqual(["app.js", "chart.js", "overview.js", "react.js", "theme.js"]);
    expect(bills).toMatchObject({ route: "/bills" });
    expect(bills!.first.toSorted()).toEqual(["app.js", "bills.js", "react.js", "theme.js"]);
  });

  it("are told apart from what the page loads only afterwards", () => {
    const [overview] = listRouteFiles(manifest, router, []);
    expect(overview!.later).toEqual(["heat.js"]);
  });

  it("must be in the build", () => {
    const { "_chart.js": _, ...older } = manifest;
    expect(() => listRouteFiles(older, router, [])).toThrow("The build has no _chart.js");
    expect(() => listRouteFiles(manifest, "", [])).toThrow("names no route");
  });
});
