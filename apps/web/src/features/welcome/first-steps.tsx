import type { Onboarding } from "@finops/capabilities/companies/contract";
import { Button } from "@finops/ui/primitives/button";
import { ProgressBar } from "@finops/ui/primitives/progress-bar";
import { Async } from "@finops/ui/states/async";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Circle, CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { request } from "../../lib/api.ts";
import { isDemoComing, onboardingQuery } from "../../lib/company-queries.ts";
import { Page } from "../../lib/page.tsx";
import { useMay } from "../../lib/session.ts";

const linkClasses =
  "inline-flex h-8 items-center rounded-md border border-line-strong bg-surface-1 px-2.5 text-sm font-medium hover:bg-surface-2";

/** What is done and what is next, for a company that begins. */
export function FirstSteps() {
  const onboarding = useQuery(onboardingQuery);
  return (
    <Page title="Getting started">
      <Async of={onboarding} name="The steps" skeleton={<Skeleton className="h-72 w-full max-w-3xl" />}>
        {(state) => <Steps onboarding={state} />}
      </Async>
    </Page>
  );
}

function Steps({ onboarding }: { onboarding: Onboarding }) {
  const maySet = useMay("settings:write");
  const mayInvite = useMay("members:write");
  const mayImport = useMay("imports:write");
  const isDone = (key: Onboarding["steps"][number]["key"]) =>
    onboarding.steps.some((step) => step.key === key && step.isDone);
  const left = onboarding.steps.filter((step) => !step.isDone).length;
  return (
    <div className="max-w-3xl">
      <p className="text-lg" data-testid="sentence">
        {left === 0 ? "All is set up." : left === 1 ? "One step is left." : `${left} steps are left.`}
      </p>
      <ol aria-label="Steps" className="mt-4 divide-y divide-line rounded-lg border border-line bg-surface-1">
        <Step isDone={isDone("company")} title="The company" about="Its name, currency, fiscal year and time zone.">
          {maySet && (
            <Link to="/settings" className={linkClasses}>
              Look at the settings
            </Link>
          )}
        </Step>
        <Step
          isDone={isDone("people")}
          title="People"
          about="Invite who looks at the costs, with a role and the part that they see."
        >
          {mayInvite && (
            <Link to="/people" search={{ invite: "yes" }} className={linkClasses}>
              Invite somebody
            </Link>
          )}
        </Step>
        <Step
          isDone={isDone("costs")}
          title="Costs"
          about="A cost export of AWS, Azure, Google Cloud or Oracle Cloud, a FOCUS file or a CSV; or those of an invented company, to look around."
        >
          {mayImport && (
            <Link to="/bills" className={linkClasses}>
              Import a bill
            </Link>
          )}
          {mayImport && !isDone("costs") && <DemoButton onboarding={onboarding} />}
          {isDone("costs") && (
            <Link to="/" className={linkClasses}>
              See the overview
            </Link>
          )}
        </Step>
      </ol>
      <DemoProgress demo={onboarding.demoData} />
    </div>
  );
}

function Step({
  isDone,
  title,
  about,
  children,
}: {
  isDone: boolean;
  title: string;
  about: string;
  children: ReactNode;
}) {
  const Icon = isDone ? CircleCheck : Circle;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-3 p-4">
      <Icon size={20} aria-hidden className={isDone ? "shrink-0 text-positive" : "shrink-0 text-text-3"} />
      <div className="min-w-0 flex-1 basis-56">
        <h2 className="font-semibold">
          {title}
          {isDone && <span className="ml-2 text-xs font-normal text-positive">done</span>}
        </h2>
        <p className="text-sm text-text-2">{about}</p>
      </div>
      <div className="flex flex-wrap gap-2">{children}</div>
    </li>
  );
}

function DemoButton({ onboarding }: { onboarding: Onboarding }) {
  const client = useQueryClient();
  const take = useMutation({
    mutationFn: () => request<Onboarding>("/api/v1/company/demo-data", { method: "POST" }),
    onSuccess: (next) => client.setQueryData(onboardingQuery.queryKey, next),
    onError: () => void client.invalidateQueries({ queryKey: onboardingQuery.queryKey }),
  });
  return (
    <Button disabled={take.isPending || isDemoComing(onboarding)} onClick={() => take.mutate()}>
      Take the demo data
    </Button>
  );
}

function DemoProgress({ demo }: { demo: Onboarding["demoData"] }) {
  if (demo === null || demo.state === "done" || demo.state === "cancelled") return null;
  if (demo.state === "failed")
    return (
      <div className="mt-4">
        <Notice tone="error" title="The demo data did not come.">
          {demo.error ?? "Take it once more."}
        </Notice>
      </div>
    );
  return (
    <div className="mt-4 space-y-1.5">
      <p className="text-sm text-text-2">{demo.label === "" ? "The demo data is about to come." : demo.label} </p>
      <ProgressBar label="Demo data" share={demo.share} />
    </div>
  );
}
