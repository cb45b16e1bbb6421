import { PageTabs } from "../../lib/page-tabs.tsx";
import { useMay } from "../../lib/session.ts";

/** The parts of "People & access", each a page of its own. */
export function PeopleTabs() {
  const mayCheck = useMay("audit:read");
  const seesGrants = useMay("access:write") || mayCheck;
  const tabs = [
    { to: "/people", label: "People" },
    { to: "/people/groups", label: "Groups" },
    ...(seesGrants ? [{ to: "/people/grants", label: "Grants" }] : []),
    ...(mayCheck ? [{ to: "/people/who-can", label: "Who can" }] : []),
  ];
  return <PageTabs name="People and access" tabs={tabs} />;
}
