import { Link } from "@tanstack/react-router";
import { useMay } from "../../lib/session.ts";

/** The parts of the company's settings, each a page of its own. */
export function CompanyTabs() {
  const maySet = useMay("settings:write");
  const mayMakeKeys = useMay("keys:write");
  const tabs = [
    ...(maySet
      ? [
          { to: "/settings", label: "Company" },
          { to: "/settings/access", label: "Signing in" },
        ]
      : []),
    ...(mayMakeKeys ? [{ to: "/settings/keys", label: "API keys" }] : []),
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
          className="inline-flex items-center rounded-sm px-2 text-sm whitespace-nowrap text-text-2 hover:text-text-1 aria-[current=page]:bg-surface-1 aria-[current=page]:font-medium aria-[current=page]:text-text-1 aria-[current=page]:shadow-[0_0_0_1px_var(--line-strong)]"
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
