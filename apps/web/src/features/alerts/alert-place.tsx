import { getRouteApi } from "@tanstack/react-router";
import { type ComponentType, lazy, Suspense } from "react";
import { AlertPage } from "./alert-page.tsx";

const route = getRouteApi("/alerts/$id");

/** No alert is called so. One route for all of them: each of its own would weigh on every first load. */
const places: Readonly<Record<string, ComponentType>> = {
  escalations: lazy(async () => ({ default: (await import("./escalations-page.tsx")).EscalationsPage })),
  "on-call": lazy(async () => ({ default: (await import("./on-call-page.tsx")).OnCallPage })),
  noise: lazy(async () => ({ default: (await import("./noise-page.tsx")).NoisePage })),
};

/** What stands below /alerts: a page that has a name, or an alert. */
export function AlertPlace() {
  const { id } = route.useParams();
  const Place = places[id];
  if (Place === undefined) return <AlertPage />;
  return (
    <Suspense fallback={null}>
      <Place />
    </Suspense>
  );
}
