import type { ChangeRequestDetails } from "@finops/capabilities/approvals/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextArea } from "@finops/ui/primitives/text-area";
import { Async } from "@finops/ui/states/async";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatInstant } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { RollbackChanges } from "../../lib/rollback-changes.tsx";
import { useMay } from "../../lib/session.ts";
import { changeRequestQuery, useDecide } from "./approval-queries.ts";
import { ChangeLines } from "./change-lines-view.tsx";
import { kindTitle } from "./kind-words.ts";
import { people, stateWords } from "./state-words.ts";

/** One change: what it would do, who has said what about it, and what the reader can do with it. */
export function RequestPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const request = useQuery(changeRequestQuery(id));
  return (
    <SidePanel
      title={kindTitle(request.data?.kind ?? "")}
      about={request.data === undefined ? undefined : <Asked request={request.data} />}
      onClose={onClose}
      footer={request.data !== undefined && hasActions(request.data) ? <Actions request={request.data} /> : undefined}
    >
      <Async of={request} name="The change" skeleton={<Skeleton className="h-72 w-full" />}>
        {(one) => <Details request={one} />}
      </Async>
    </SidePanel>
  );
}

function Asked({ request: { requestedBy, requestedAt, isMine } }: { request: ChangeRequestDetails }) {
  return (
    <span dir="auto">
      {isMine ? "You asked" : `${requestedBy.name} asked`} for it on {formatInstant(requestedAt)}.
    </span>
  );
}

function Details({ request }: { request: ChangeRequestDetails }) {
  const { state, summary, reason, peopleNeeded, permission, expiresAt, appliedAt, failure, effect } = request;
  return (
    <div className="space-y-6">
      <div className="space-y-2">
        <p className="text-base font-medium break-words" dir="auto">
          {summary}
        </p>
        {reason !== "" && (
          <p className="text-sm break-words text-text-2" dir="auto">
            Why: {reason}
          </p>
        )}
        <p className="text-sm text-text-2">
          <Badge tone={stateWords[state].tone}>{stateWords[state].label}</Badge>{" "}
          {state === "requested" &&
            `It needs ${people(peopleNeeded)} with ${permission} until ${formatInstant(expiresAt)}.`}
          {appliedAt !== null && `In force since ${formatInstant(appliedAt)}.`}
        </p>
      </div>
      {failure !== null && (
        <Notice tone="error" title="It is approved, and could not be made.">
          {failure}
        </Notice>
      )}
      {effect?.refusal != null && effect.refusal !== failure && (
        <Notice tone="warning" title="It could not be made as things stand.">
          {effect.refusal}
        </Notice>
      )}
      <WhatItDoes request={request} />
      <Decisions request={request} />
    </div>
  );
}

function WhatItDoes({ request }: { request: ChangeRequestDetails }) {
  const seesBills = useMay("sources:read");
  const { kind, state, payload } = request;
  const isOpen = state === "requested" || state === "approved";
  return (
    <section>
      <h3 className="mb-2 text-base font-semibold">{state === "applied" ? "What it did" : "What it would do"}</h3>
      {kind === "bills.roll-back" && isOpen && seesBills ? (
        <RollbackChanges position={(payload as { position: string }).position} />
      ) : (
        <ChangeLines request={request} />
      )}
    </section>
  );
}

function Decisions({ request: { decisions } }: { request: ChangeRequestDetails }) {
  return (
    <section>
      <h3 className="mb-2 text-base font-semibold">Who has decided</h3>
      {decisions.length === 0 ? (
        <p className="text-sm text-text-2">Nobody yet.</p>
      ) : (
        <ul aria-label="Decisions" className="divide-y divide-line rounded-md border border-line">
          {decisions.map((one) => (
            <li key={one.id} className="px-2.5 py-2 text-sm">
              <span className="flex flex-wrap items-center gap-2">
                <span className="font-medium" dir="auto">
                  {one.name}
                </span>
                <Badge tone={one.isApproval ? "good" : "bad"}>{one.isApproval ? "Approved" : "Rejected"}</Badge>
                <span className="text-xs text-text-2">{formatInstant(one.decidedAt)}</span>
              </span>
              {one.comment !== "" && (
                <p className="mt-0.5 break-words text-text-2" dir="auto">
                  {one.comment}
                </p>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function hasActions({ isForMe, isMine, state }: ChangeRequestDetails): boolean {
  return isForMe || state === "approved" || (isMine && state === "requested");
}

function Actions({ request: { id, isForMe, isMine, state, permission } }: { request: ChangeRequestDetails }) {
  const decide = useDecide(id);
  const mayApprove = useMay(permission);
  const [comment, setComment] = useState("");
  const answer = (decision: "approve" | "reject") => decide.mutate({ do: "decide", decision: { decision, comment } });
  return (
    <>
      {isForMe && (
        <>
          <div className="w-full">
            <TextArea
              label="Your reason, which everybody concerned sees"
              value={comment}
              onChange={setComment}
              rows={2}
              maxLength={500}
            />
          </div>
          <Button kind="primary" disabled={decide.isPending} onClick={() => answer("approve")}>
            Approve
          </Button>
          <Button kind="danger" disabled={decide.isPending} onClick={() => answer("reject")}>
            Reject
          </Button>
        </>
      )}
      {state === "approved" && (isMine || mayApprove) && (
        <Button kind="primary" disabled={decide.isPending} onClick={() => decide.mutate({ do: "apply" })}>
          Try again to make it
        </Button>
      )}
      {isMine && (
        <Button disabled={decide.isPending} onClick={() => decide.mutate({ do: "withdraw" })}>
          Take it back
        </Button>
      )}
    </>
  );
}
