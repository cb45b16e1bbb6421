import { Button } from "@finops/ui/primitives/button";
import { Popover } from "@finops/ui/primitives/popover";
import { useQuery } from "@tanstack/react-query";
import { Bell } from "lucide-react";
import { useState } from "react";
import { isShut, useSession } from "../session.ts";
import { InboxList } from "./inbox-list.tsx";
import { inboxQuery, useLiveInbox } from "./inbox-queries.ts";

const countedMax = 99;

/** How much the reader has not read, and, when it is pressed, what. A company that is shut says nothing. */
export function InboxBell() {
  const { data: session } = useSession();
  return session?.signedIn === true && !isShut(session) ? <OpenBell /> : null;
}

function OpenBell() {
  useLiveInbox();
  const [isOpen, setIsOpen] = useState(false);
  const inbox = useQuery(inboxQuery);
  const unread = inbox.data?.unread ?? 0;
  return (
    <Popover
      label="Inbox"
      align="end"
      className="w-[420px]"
      isOpen={isOpen}
      onOpen={(next) => {
        setIsOpen(next);
        // What somebody else decided meanwhile waits for nobody any more.
        if (next) void inbox.refetch();
      }}
      trigger={
        <Button
          className="relative"
          aria-label={unread === 0 ? "Inbox" : `Inbox, ${unread} unread`}
          title="What you are told"
          icon={
            <>
              <Bell size={16} aria-hidden className="text-text-3" />
              {unread > 0 && (
                <span
                  aria-hidden
                  className="absolute -top-1.5 -right-1.5 min-w-4 rounded-full bg-accent px-1 text-center text-[10px] leading-4 font-semibold text-on-accent tabular-nums"
                >
                  {unread > countedMax ? `${countedMax}+` : unread}
                </span>
              )}
            </>
          }
        />
      }
    >
      <InboxList inbox={inbox} onLeave={() => setIsOpen(false)} />
    </Popover>
  );
}
