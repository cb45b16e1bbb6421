import {
  BellRing,
  ChartColumnStacked,
  Compass,
  FileText,
  LayoutDashboard,
  type LucideIcon,
  Network,
  ReceiptText,
  Scale,
  ScrollText,
  Settings,
  ShieldHalf,
  Target,
  UsersRound,
} from "lucide-react";
import { isShut, type Session } from "../lib/session.ts";

export interface Place {
  to: string;
  label: string;
  icon: LucideIcon;
  permission: string;
  /** Pressed after `g`, it goes there. */
  key: string;
  /** What can be found there, for the command palette. */
  about: string;
  /** What it is about: the costs, or the company itself, which stands below with a heading of its own. */
  area: "costs" | "company";
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
    area: "costs",
  },
  {
    to: "/explorer",
    label: "Explorer",
    icon: Compass,
    permission: "costs:read",
    key: "e",
    about: "Any question about costs, down to the charge rows",
    area: "costs",
  },
  {
    to: "/dashboards",
    label: "Dashboards",
    icon: LayoutDashboard,
    permission: "costs:read",
    key: "d",
    about: "Pages of your own, and those that others share",
    area: "costs",
  },
  {
    to: "/reports",
    label: "Reports",
    icon: FileText,
    permission: "costs:read",
    key: "r",
    about: "What is told again and again, every run kept",
    area: "costs",
  },
  {
    to: "/budgets",
    label: "Budgets",
    icon: Target,
    permission: "costs:read",
    key: "t",
    about: "What costs may come to, and whether they will",
    area: "costs",
  },
  {
    to: "/unit-metrics",
    label: "Unit costs",
    icon: Scale,
    permission: "costs:read",
    key: "m",
    about: "What one customer, order or gigabyte costs, month by month",
    area: "costs",
  },
  {
    to: "/alerts",
    label: "Alerts",
    icon: BellRing,
    permission: "alerts:read",
    key: "i",
    about: "What needs somebody, the rules that say so, and who is told",
    area: "costs",
  },
  {
    to: "/bills",
    label: "Bills",
    icon: ReceiptText,
    permission: "sources:read",
    key: "b",
    about: "Imports, months, what was rejected",
    area: "costs",
  },
  {
    to: "/people",
    label: "People",
    icon: UsersRound,
    permission: "members:read",
    key: "p",
    about: "Who belongs to the company, groups, grants, who can do what",
    area: "company",
  },
  {
    to: "/roles",
    label: "Roles",
    icon: ShieldHalf,
    permission: "members:read",
    key: "l",
    about: "What each role allows",
    area: "company",
  },
  {
    to: "/organisation",
    label: "Organisation",
    icon: Network,
    permission: "members:read",
    key: "u",
    about: "Departments, teams, cost centers, and whose accounts are whose",
    area: "company",
  },
  {
    to: "/audit",
    label: "Audit",
    icon: ScrollText,
    permission: "audit:read",
    key: "a",
    about: "Who changed what, who signed in, who was refused",
    area: "company",
  },
  {
    to: "/settings",
    label: "Settings",
    icon: Settings,
    permission: "settings:write",
    key: "s",
    about: "The company's name and currency, signing in, sessions, networks, API keys",
    area: "company",
  },
];

export function placesFor(session: Session): Place[] {
  if (!session.signedIn) return [];
  return places.filter(
    ({ to, permission }) => session.permissions.includes(permission) && (to === "/settings" || !isShut(session)),
  );
}

/** What one looks at on the way, by keys. */
const onPhone = "oeti";

/** The few that a phone has room for; the others are found. */
export function tabsFor(session: Session): Place[] {
  const rank = ({ key }: Place) => Number(!onPhone.includes(key));
  return placesFor(session)
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, 4);
}
