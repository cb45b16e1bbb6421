import {
  createRootRoute,
  createRoute,
  createRouter,
  defaultStringifySearch,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { readAlertsSearch, readEditSearch } from "../features/alerts/alerts-search.ts";
import { readApprovalsSearch } from "../features/approvals/approvals-search.ts";
import { readAuditSearch } from "../features/audit/audit-search.ts";
import { readBillsSearch } from "../features/bills/bills-search.ts";
import { readBudgetsSearch } from "../features/budgets/budgets-search.ts";
import { readDashboardSearch } from "../features/dashboards/dashboard-search.ts";
import { readOverviewSearch } from "../features/overview/overview-search.ts";
import {
  readGrantsSearch,
  readGroupsSearch,
  readOrganisationSearch,
  readPeopleSearch,
  readRolesSearch,
  readWhoCanSearch,
} from "../features/people/people-search.ts";
import { readReportSearch } from "../features/reports/report-search.ts";
import { readUnitMetricsSearch } from "../features/unit-metrics/unit-metrics-search.ts";
import { readWelcomeSearch } from "../features/welcome/welcome-search.ts";
import { readDocumentsSearch } from "../lib/documents/documents-search.ts";
import { readDoorSearch } from "../lib/figure-door.ts";
import { readableSearch, readViewSearch } from "../lib/view-search.ts";
import { CrashPage, MissingPage } from "./error-pages.tsx";
import { Shell } from "./shell.tsx";

const root = createRootRoute({ validateSearch: readDoorSearch, component: Shell, notFoundComponent: MissingPage });

const overview = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: readOverviewSearch,
  component: lazyRouteComponent(() => import("../features/overview/overview-page.tsx"), "OverviewPage"),
});

const explorer = createRoute({
  getParentRoute: () => root,
  path: "/explorer",
  validateSearch: readViewSearch,
  component: lazyRouteComponent(() => import("../features/explorer/explorer-page.tsx"), "ExplorerPage"),
});

const bills = createRoute({
  getParentRoute: () => root,
  path: "/bills",
  validateSearch: readBillsSearch,
  component: lazyRouteComponent(() => import("../features/bills/bills-page.tsx"), "BillsPage"),
});

const dashboards = createRoute({
  getParentRoute: () => root,
  path: "/dashboards",
  validateSearch: readDocumentsSearch,
  component: lazyRouteComponent(() => import("../features/dashboards/dashboards-page.tsx"), "DashboardsPage"),
});

const dashboard = createRoute({
  getParentRoute: () => root,
  path: "/dashboards/$id",
  validateSearch: readDashboardSearch,
  component: lazyRouteComponent(() => import("../features/dashboards/dashboard-page.tsx"), "DashboardPage"),
});

const reports = createRoute({
  getParentRoute: () => root,
  path: "/reports",
  validateSearch: readDocumentsSearch,
  component: lazyRouteComponent(() => import("../features/reports/reports-page.tsx"), "ReportsPage"),
});

const schedules = createRoute({
  getParentRoute: () => root,
  path: "/reports/schedules",
  validateSearch: readEditSearch,
  component: lazyRouteComponent(() => import("../features/schedules/schedules-page.tsx"), "SchedulesPage"),
});

const report = createRoute({
  getParentRoute: () => root,
  path: "/reports/$id",
  validateSearch: readReportSearch,
  component: lazyRouteComponent(() => import("../features/reports/report-page.tsx"), "ReportPage"),
});

const reportRun = createRoute({
  getParentRoute: () => root,
  path: "/reports/$id/runs/$number",
  component: lazyRouteComponent(() => import("../features/reports/run-page.tsx"), "RunPage"),
});

const budgets = createRoute({
  getParentRoute: () => root,
  path: "/budgets",
  validateSearch: readBudgetsSearch,
  component: lazyRouteComponent(() => import("../features/budgets/budgets-page.tsx"), "BudgetsPage"),
});

const budget = createRoute({
  getParentRoute: () => root,
  path: "/budgets/$id",
  validateSearch: readBudgetsSearch,
  component: lazyRouteComponent(() => import("../features/budgets/budget-place.tsx"), "BudgetPlace"),
});

const unitMetrics = createRoute({
  getParentRoute: () => root,
  path: "/unit-metrics",
  validateSearch: readUnitMetricsSearch,
  component: lazyRouteComponent(() => import("../features/unit-metrics/unit-metrics-page.tsx"), "UnitMetricsPage"),
});

const unitMetric = createRoute({
  getParentRoute: () => root,
  path: "/unit-metrics/$id",
  validateSearch: readUnitMetricsSearch,
  component: lazyRouteComponent(() => import("../features/unit-metrics/unit-metric-page.tsx"), "UnitMetricPage"),
});

const alerts = createRoute({
  getParentRoute: () => root,
  path: "/alerts",
  validateSearch: readAlertsSearch,
  component: lazyRouteComponent(() => import("../features/alerts/alerts-page.tsx"), "AlertsPage"),
});

const alertRules = createRoute({
  getParentRoute: () => root,
  path: "/alerts/rules",
  validateSearch: readEditSearch,
  component: lazyRouteComponent(() => import("../features/alerts/rules-page.tsx"), "RulesPage"),
});

const alertChannels = createRoute({
  getParentRoute: () => root,
  path: "/alerts/channels",
  validateSearch: readEditSearch,
  component: lazyRouteComponent(() => import("../features/alerts/channels-page.tsx"), "ChannelsPage"),
});

const alert = createRoute({
  getParentRoute: () => root,
  path: "/alerts/$id",
  validateSearch: readEditSearch,
  component: lazyRouteComponent(() => import("../features/alerts/alert-place.tsx"), "AlertPlace"),
});

const people = createRoute({
  getParentRoute: () => root,
  path: "/people",
  validateSearch: readPeopleSearch,
  component: lazyRouteComponent(() => import("../features/people/people-page.tsx"), "PeoplePage"),
});

const groups = createRoute({
  getParentRoute: () => root,
  path: "/people/groups",
  validateSearch: readGroupsSearch,
  component: lazyRouteComponent(() => import("../features/people/groups-page.tsx"), "GroupsPage"),
});

const grants = createRoute({
  getParentRoute: () => root,
  path: "/people/grants",
  validateSearch: readGrantsSearch,
  component: lazyRouteComponent(() => import("../features/people/grants-page.tsx"), "GrantsPage"),
});

const whoCan = createRoute({
  getParentRoute: () => root,
  path: "/people/who-can",
  validateSearch: readWhoCanSearch,
  component: lazyRouteComponent(() => import("../features/people/who-can-page.tsx"), "WhoCanPage"),
});

const roles = createRoute({
  getParentRoute: () => root,
  path: "/roles",
  validateSearch: readRolesSearch,
  component: lazyRouteComponent(() => import("../features/people/roles-page.tsx"), "RolesPage"),
});

const organisation = createRoute({
  getParentRoute: () => root,
  path: "/organisation",
  validateSearch: readOrganisationSearch,
  component: lazyRouteComponent(() => import("../features/people/organisation-page.tsx"), "OrganisationPage"),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import("../features/audit/audit-page.tsx"), "AuditPage"),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(() => import("../features/company/settings-page.tsx"), "SettingsPage"),
});

const access = createRoute({
  getParentRoute: () => root,
  path: "/settings/access",
  component: lazyRouteComponent(() => import("../features/company/access-page.tsx"), "AccessPage"),
});

const keys = createRoute({
  getParentRoute: () => root,
  path: "/settings/keys",
  component: lazyRouteComponent(() => import("../features/company/keys-page.tsx"), "KeysPage"),
});

const approvals = createRoute({
  getParentRoute: () => root,
  path: "/settings/approvals",
  validateSearch: readApprovalsSearch,
  component: lazyRouteComponent(() => import("../features/approvals/approvals-page.tsx"), "ApprovalsPage"),
});

const data = createRoute({
  getParentRoute: () => root,
  path: "/settings/data",
  component: lazyRouteComponent(() => import("../features/company/data-page.tsx"), "DataPage"),
});

const profile = createRoute({
  getParentRoute: () => root,
  path: "/profile",
  component: lazyRouteComponent(() => import("../features/account/profile-page.tsx"), "ProfilePage"),
});

const welcome = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  validateSearch: readWelcomeSearch,
  component: lazyRouteComponent(() => import("../features/welcome/welcome-page.tsx"), "WelcomePage"),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  component: lazyRouteComponent(() => import("../features/session/signed-in-already.tsx"), "SignedInAlready"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    overview,
    explorer,
    dashboards,
    dashboard,
    reports,
    schedules,
    report,
    reportRun,
    budgets,
    budget,
    unitMetrics,
    unitMetric,
    alerts,
    alertRules,
    alertChannels,
    alert,
    bills,
    people,
    groups,
    grants,
    whoCan,
    roles,
    organisation,
    audit,
    settings,
    access,
    keys,
    approvals,
    data,
    profile,
    welcome,
    signIn,
  ]),
  defaultPreload: "intent",
  defaultErrorComponent: CrashPage,
  scrollRestoration: true,
  stringifySearch: (search) => readableSearch(defaultStringifySearch(search)),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
