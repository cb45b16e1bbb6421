import { Button } from "@finops/ui/primitives/button";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import type { UseQueryResult } from "@tanstack/react-query";
import { type LucideIcon, Plus } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import { Beside } from "../../lib/beside.tsx";
import { Page } from "../../lib/page.tsx";
import { useEdit } from "../../lib/use-edit.ts";
import { useLiveAlerts } from "./alert-queries.ts";
import { AlertsTabs } from "./alerts-tabs.tsx";

interface EditedListPageProps<T> {
  title: string;
  /** What the list is called in a sentence: "The rules". */
  name: string;
  of: UseQueryResult<T[]>;
  /** What the address says is open: an id, or that a new one is made. */
  edit: string | undefined;
  maySee: boolean;
  mayMake: boolean;
  /** Why who may not see it does not, and who can change that. */
  refusal: { title: string; about: string };
  /** What the button says that makes one. */
  newLabel: string;
  empty: { icon: LucideIcon; title: string; about: string };
  /** Those that may not be changed open nothing. */
  mayChange?: (one: T) => boolean;
  panel: (one: T | null, onClose: () => void) => ReactNode;
  /** What stands over the list, and below it. */
  above?: ReactNode;
  below?: ReactNode;
  children: (all: T[], open: (id: string) => void) => ReactNode;
}

const isNew = "new";

/** A list of what alerts are made of, and beside it the one that is made or changed. */
export function EditedListPage<T extends { id: string; version: number }>(props: EditedListPageProps<T>) {
  useLiveAlerts();
  const { title, name, of, edit, maySee, mayMake, refusal, newLabel, empty, mayChange, panel, above, below } = props;
  const open = useEdit<string>();
  const edited = of.data?.find((one) => one.id === edit && (mayChange?.(one) ?? true));
  const close = () => open(undefined);
  const make = mayMake && (
    <Button kind="primary" icon={<Plus size={16} aria-hidden />} onClick={() => open(isNew)}>
      {newLabel}
    </Button>
  );
  return (
    <Beside
      panel={
        mayMake &&
        (edit === isNew || edited !== undefined) && (
          // Another thing, or another version of it, is begun anew.
          <Fragment key={edited === undefined ? isNew : `${edited.id} ${edited.version}`}>
            {panel(edited ?? null, close)}
          </Fragment>
        )
      }
    >
      <Page title={title} tools={<AlertsTabs />} actions={make}>
        {maySee ? (
          <div className="space-y-6">
            {above}
            <Async
              of={of}
              name={name}
              skeleton={<Skeleton className="h-72 w-full" />}
              isEmpty={(all) => all.length === 0}
              empty={
                <div className="rounded-lg border border-line bg-surface-1">
                  <EmptyState icon={<empty.icon size={24} aria-hidden />} title={empty.title} action={make}>
                    {empty.about}
                  </EmptyState>
                </div>
              }
            >
              {(all) => props.children(all, open)}
            </Async>
            {below}
          </div>
        ) : (
          <Notice tone="info" title={refusal.title}>
            {refusal.about}
          </Notice>
        )}
      </Page>
    </Beside>
  );
}
