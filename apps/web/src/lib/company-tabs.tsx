import { Badge } from "@finops/ui/primitives/badge";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { waitingForMeQuery } from "./change-requests.ts";
import { useMay, useSession } from "./session.ts";

/** The parts of the company's settings, each a page of its own. */
export function CompanyTabs() {
  const session = useSession();
  const maySet = useMay("settings:write");
  const mayMakeKeys = useMay("keys:write");
  const mayLeave = useMay("company:leave");
  // A company that is shut answers nothing but what it takes along.
  const isOpen = session.data?.signedIn === true && /^(active|read-only)$/.test(session.data.companyState);
  const { data: waiting = 0 } = useQuery({ ...waitingForMeQuery, enabled: isOpen });
  const tabs = [
    ...(maySet && isOpen
      ? [
          { to: "/settings", label: "Company" },
          { to: "/settings/access", label: "Signing in" },
        ]
      : []),
    ...(mayMakeKeys && isOpen ? [{ to: "/settings/keys", label: "API keys" }] : []),
    ...(isOpen ? [{ to: "/settings/approvals", label: "Approvals", waiting }] : []),
    ...(mayLeave ? [{ to: "/settings/data", label: "Data" }] : []),
  ];
  return (
    <nav
      aria-label="Settings"
      className="inline-flex h-8 max-w-full overflow-x-auto rounded-md border border-line-strong bg-surface-2 p-0.5"
    >
      {tabs.map((tab) => (
        <Link
          key={tab.to}
          to={tab.to}
          activeOptions={{ exact: true, includeSearch: false }}
          className="inline-flex items-center gap-1.5 rounded-sm px-2 text-sm whitespace-nowrap text-text-2 hover:text-text-1 aria-[current=page]:bg-surface-1 aria-[current=page]:font-medium aria-[current=page]:text-text-1 aria-[current=page]:shadow-[0_0_0_1px_var(--line-strong)]"
        >
          {tab.label}
          {"waiting" in tab && tab.waiting > 0 && (
            <Badge tone="accent">
              {tab.waiting}
              <span className="sr-only"> wait for you</span>
            </Badge>
          )}
        </Link>
      ))}
    </nav>
  );
}
