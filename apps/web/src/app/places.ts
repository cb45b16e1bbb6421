import { ChartColumnStacked, Compass, FileText, LayoutDashboard, type LucideIcon, ReceiptText } from "lucide-react";
import type { Session } from "../lib/session.ts";

export interface Place {
  to: string;
  label: string;
  icon: LucideIcon;
  permission: string;
  /** Pressed after `g`, it goes there. */
  key: string;
  /** What can be found there, for the command palette. */
  about: string;
}

/** Where one can go, in the order of the rail: only what there is. Rail, tabs, palette and shortcuts read it. */
const places: readonly Place[] = [
  {
    to: "/",
    label: "Overview",
    icon: ChartColumnStacked,
    permission: "costs:read",
    key: "o",
    about: "Where the month stands, and why",
  },
  {
    to: "/explorer",
    label: "Explorer",
    icon: Compass,
    permission: "costs:read",
    key: "e",
    about: "Any question about costs, down to the charge rows",
  },
  {
    to: "/dashboards",
    label: "Dashboards",
    icon: LayoutDashboard,
    permission: "costs:read",
    key: "d",
    about: "Pages of your own, and those that others share",
  },
  {
    to: "/reports",
    label: "Reports",
    icon: FileText,
    permission: "costs:read",
    key: "r",
    about: "What is told again and again, every run kept",
  },
  {
    to: "/bills",
    label: "Bills",
    icon: ReceiptText,
    permission: "sources:read",
    key: "b",
    about: "Imports, months, what was rejected",
  },
];

export function placesFor(session: Session): Place[] {
  return session.signedIn ? places.filter((place) => session.permissions.includes(place.permission)) : [];
}
