import type {
  Dashboard,
  DashboardAsOf,
  DashboardChange,
  DashboardInput,
  DashboardSummary,
  DashboardTemplate,
  DashboardVersion,
} from "@finops/capabilities/dashboards/contract";
import type {
  Report,
  ReportAsOf,
  ReportChange,
  ReportInput,
  ReportSummary,
  ReportTemplate,
} from "@finops/capabilities/reports/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { request } from "../api.ts";
import { useToasts } from "../toasts.tsx";

/** What people make, keep and share as a document: each kind has its own content and the same head, versions and rules. */
interface Shapes {
  dashboards: {
    whole: Dashboard;
    asOf: DashboardAsOf;
    summary: DashboardSummary;
    change: Omit<DashboardChange, "version">;
    input: DashboardInput;
    template: DashboardTemplate;
  };
  reports: {
    whole: Report;
    asOf: ReportAsOf;
    summary: ReportSummary;
    change: Omit<ReportChange, "version">;
    input: ReportInput;
    template: ReportTemplate;
  };
}
export type Kind = keyof Shapes;
export type Whole<K extends Kind> = Shapes[K]["whole"];
/** As one of its versions left it. */
export type AsOf<K extends Kind> = Shapes[K]["asOf"];
export type Summary<K extends Kind> = Shapes[K]["summary"];
export type Change<K extends Kind> = Shapes[K]["change"];

export const kindWords: Record<Kind, { one: string; many: string; templates: string }> = {
  dashboards: { one: "dashboard", many: "Dashboards", templates: "/api/v1/dashboard-templates" },
  reports: { one: "report", many: "Reports", templates: "/api/v1/report-templates" },
};

export function documentPath(kind: Kind, id?: string): string {
  return id === undefined ? `/api/v1/${kind}` : `/api/v1/${kind}/${encodeURIComponent(id)}`;
}

export function documentKey(kind: Kind, ...rest: readonly (string | number)[]): readonly (string | number)[] {
  return [kind, ...rest];
}

export function useDocuments<K extends Kind>(kind: K) {
  return useQuery({
    queryKey: documentKey(kind),
    queryFn: async ({ signal }) => (await request<Record<K, Summary<K>[]>>(documentPath(kind), { signal }))[kind],
  });
}

export function useTemplates<K extends Kind>(kind: K) {
  return useQuery({
    queryKey: documentKey(kind, "templates"),
    queryFn: async ({ signal }) =>
      (await request<{ templates: Shapes[K]["template"][] }>(kindWords[kind].templates, { signal })).templates,
    staleTime: Infinity,
  });
}

export function useDocument<K extends Kind>(kind: K, id: string) {
  return useQuery({
    queryKey: documentKey(kind, id),
    queryFn: ({ signal }) => request<Whole<K>>(documentPath(kind, id), { signal }),
  });
}

export function useVersions(kind: Kind, id: string) {
  return useQuery({
    queryKey: documentKey(kind, id, "versions"),
    queryFn: async ({ signal }) =>
      (await request<{ versions: DashboardVersion[] }>(`${documentPath(kind, id)}/versions`, { signal })).versions,
  });
}

/** Makes one: empty, of a template, or as a copy. */
export function useCreateDocument<K extends Kind>(kind: K) {
  const client = useQueryClient();
  const show = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: (body: Shapes[K]["input"]) => request<Whole<K>>(documentPath(kind), { method: "POST", body }),
    onSuccess: (made) => client.setQueryData(documentKey(kind, made.id), made),
    onError: (error) =>
      show({ id: kind, tone: "error", title: `The ${kindWords[kind].one} was not made.`, body: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: documentKey(kind), exact: true }),
  });
}

/** Gone from the list at once; back in it when that is refused. */
export function useDeleteDocument<K extends Kind>(kind: K) {
  const client = useQueryClient();
  const show = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: (id: string) => request<void>(documentPath(kind, id), { method: "DELETE" }),
    onMutate: async (id) => {
      await client.cancelQueries({ queryKey: documentKey(kind), exact: true });
      const before = client.getQueryData<Summary<K>[]>(documentKey(kind));
      if (before !== undefined)
        client.setQueryData(
          documentKey(kind),
          before.filter((one) => one.id !== id),
        );
      return { before };
    },
    onError: (error, _, context) => {
      if (context?.before !== undefined) client.setQueryData(documentKey(kind), context.before);
      show({ id: kind, tone: "error", title: `The ${kindWords[kind].one} was not deleted.`, body: error.message });
    },
    onSuccess: (_, id) => client.removeQueries({ queryKey: documentKey(kind, id) }),
    onSettled: () => client.invalidateQueries({ queryKey: documentKey(kind), exact: true }),
  });
}
