import { PageTabs } from "../../lib/page-tabs.tsx";
import { useMay } from "../../lib/session.ts";

/** The inbox, what fills it, and who is told. */
export function AlertsTabs() {
  const mayWrite = useMay("alerts:write");
  const tabs = [
    { to: "/alerts", label: "Inbox" },
    { to: "/alerts/rules", label: "Rules" },
    ...(mayWrite ? [{ to: "/alerts/channels", label: "Channels" }] : []),
  ];
  return <PageTabs name="Alerts" tabs={tabs} />;
}

export const noAlerts = {
  title: "Alerts are for who may read them.",
  about: "Who has alerts:read sees this page. An owner of the company can give it.",
};
