import { getRouteApi } from "@tanstack/react-router";
import { FirstSteps } from "./first-steps.tsx";
import { NewCompany } from "./new-company.tsx";

const route = getRouteApi("/welcome");

/** The start: a company, its people, its costs. */
export function WelcomePage() {
  return route.useSearch().make === "company" ? <NewCompany /> : <FirstSteps />;
}
