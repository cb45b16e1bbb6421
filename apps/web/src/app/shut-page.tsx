import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { Page } from "../lib/page.tsx";

/** In place of every page but the settings: the server answers nothing else for a company that is shut. */
export function ShutPage() {
  const { pathname } = useLocation();
  if (pathname.startsWith("/settings")) return <Outlet />;
  return (
    <Page title="Shut for now">
      <p className="max-w-2xl text-text-2">
        Costs and everything else of the company are still there, but nobody looks at them in this state. What an owner
        can do stands in the{" "}
        <Link to="/settings" className="text-accent underline">
          settings
        </Link>
        .
      </p>
    </Page>
  );
}
