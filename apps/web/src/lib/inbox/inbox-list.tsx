import type { Inbox, Notice } from "@finops/capabilities/inbox/contract";
import { Button } from "@finops/ui/primitives/button";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatAgo, formatInstant } from "@finops/ui/text/format-day";
import { joinClasses } from "@finops/ui/text/join-classes";
import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { AtSign, BellRing, CheckCheck, CircleCheck, type LucideIcon, Stamp, Target } from "lucide-react";
import { serverClock } from "../server-clock.ts";
import { useReadNotices } from "./inbox-queries.ts";

interface InboxListProps {
  inbox: UseQueryResult<Inbox>;
  /** A link was taken. */
  onLeave: () => void;
}

/** What the reader is told, the newest first, each the way to what it is about. */
export function InboxList({ inbox, onLeave }: InboxListProps) {
  const read = useReadNotices();
  return (
    <div>
      <div className="flex h-9 items-center justify-between gap-2 px-2">
        <h2 className="text-sm font-semibold">Inbox</h2>
        {(inbox.data?.unread ?? 0) > 0 && (
          <Button kind="quiet" icon={<CheckCheck size={14} aria-hidden />} onClick={() => read.mutate(null)}>
            Mark all read
          </Button>
        )}
      </div>
      <Async
        of={inbox}
        name="Your inbox"
        skeleton={<Skeleton className="h-40 w-full" />}
        isEmpty={({ notices }) => notices.length === 0}
        empty={
          <EmptyState title="Nothing yet">
            Here stands when somebody mentions you or asks for your approval, when an alert calls you, and what becomes
            of budgets that you watch.
          </EmptyState>
        }
      >
        {({ notices }) => (
          <ul aria-label="Notices" className="divide-y divide-line">
            {notices.map((notice) => (
              <NoticeLine
                key={notice.id}
                notice={notice}
                onRead={() => read.mutate([notice.id])}
                onOpen={() => {
                  if (!notice.isRead) read.mutate([notice.id]);
                  onLeave();
                }}
              />
            ))}
          </ul>
        )}
      </Async>
    </div>
  );
}

const icons: Readonly<Record<Notice["kind"], LucideIcon>> = {
  mention: AtSign,
  state: Target,
  version: Target,
  called: BellRing,
  over: CircleCheck,
  approval: Stamp,
};

function NoticeLine({ notice, onRead, onOpen }: { notice: Notice; onRead: () => void; onOpen: () => void }) {
  const { kind, about, text, at, isRead } = notice;
  const Icon = icons[kind];
  return (
    <li className="flex items-start gap-2.5 px-2 py-2.5">
      <Icon size={16} aria-hidden className={joinClasses("mt-0.5 shrink-0", isRead ? "text-text-3" : "text-accent")} />
      <div className="min-w-0 flex-1">
        <p className={joinClasses("break-words", !isRead && "font-medium")}>
          <Link {...placeOf(about)} onClick={onOpen} className="hover:text-accent hover:underline">
            <bdi>{about.name}</bdi>
          </Link>
        </p>
        <p className="text-xs text-text-2">
          {whyOf(notice)},{" "}
          <time dateTime={at} title={formatInstant(at)}>
            {formatAgo(at, serverClock.now())}
          </time>
          {!isRead && <span className="sr-only">, unread</span>}
        </p>
        {text !== "" && text !== about.name && (
          <p className="mt-0.5 line-clamp-2 break-words whitespace-pre-line" dir="auto">
            {text}
          </p>
        )}
      </div>
      {!isRead && (
        <Button
          kind="quiet"
          aria-label={`Mark what is said of ${about.name} read`}
          title="Mark read"
          icon={<span aria-hidden className="size-2 rounded-full bg-accent" />}
          onClick={onRead}
        />
      )}
    </li>
  );
}

function placeOf({ kind, id }: Notice["about"]) {
  if (kind === "budget") return { to: "/budgets/$id", params: { id } } as const;
  if (kind === "alert") return { to: "/alerts/$id", params: { id } } as const;
  return { to: "/settings/approvals", search: { request: id } } as const;
}

function whyOf({ kind, byName }: Notice): string {
  switch (kind) {
    case "mention":
      return `${byName} mentioned you`;
    case "state":
      return "A budget you watch came into another state";
    case "version":
      return `${byName} changed a budget you watch`;
    case "called":
      return "Nobody looks after it, so you are called";
    case "over":
      return "You were called, and it is over";
    case "approval":
      return `${byName} asks for your approval`;
  }
}
