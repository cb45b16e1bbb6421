import { PageTabs } from "../../lib/page-tabs.tsx";
import { useMay } from "../../lib/session.ts";

/** The inbox, what fills it, and who is told. */
export function AlertsTabs() {
  const mayWrite = useMay("alerts:write");
  const tabs = [
    { to: "/alerts", label: "Inbox" },
    { to: "/alerts/rules", label: "Rules" },
    ...(mayWrite
      ? [
          { to: "/alerts/channels", label: "Channels" },
          { to: "/alerts/escalations", label: "Escalations" },
        ]
      : []),
    { to: "/alerts/on-call", label: "On call" },
    { to: "/alerts/noise", label: "Noise" },
  ];
  return <PageTabs name="Alerts" tabs={tabs} />;
}

export const noAlerts = {
  title: "Alerts are for who may read them.",
  about: "Who has alerts:read sees this page. An owner of the company can give it.",
};

/** @param what the page and its verb: "Channels are" */
export function onlyForMakers(what: string) {
  return {
    title: `${what} for who makes rules.`,
    about: "Who has alerts:write sees this page. An owner of the company can give it.",
  };
}
