import { useQuery } from "@tanstack/react-query";
import { waitingForMeQuery } from "./change-requests.ts";
import { PageTabs } from "./page-tabs.tsx";
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
  return <PageTabs name="Settings" tabs={tabs} />;
}
