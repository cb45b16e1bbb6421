import { joinClasses } from "@finops/ui/text/join-classes";
import { Link } from "@tanstack/react-router";
import { ChartColumnStacked, PanelLeftClose, PanelLeftOpen, ReceiptText } from "lucide-react";
import { useState } from "react";
import type { Session } from "../lib/session.ts";
import { PersonMenu } from "./person-menu.tsx";
import type { Theme } from "./use-theme.ts";

const places = [
  { to: "/", label: "Overview", icon: ChartColumnStacked, permission: "costs:read" },
  { to: "/bills", label: "Bills", icon: ReceiptText, permission: "sources:read" },
] as const;

export interface RailProps {
  session: Extract<Session, { signedIn: true }>;
  theme: Theme;
  onTheme: (theme: Theme) => void;
}

/** The way around, at the left: only what the person may see. */
export function Rail({ session, theme, onTheme }: RailProps) {
  const [isNarrow, setIsNarrow] = useState(() => localStorage.getItem("rail") === "narrow");
  const toggle = () => {
    localStorage.setItem("rail", isNarrow ? "wide" : "narrow");
    setIsNarrow(!isNarrow);
  };
  const Toggle = isNarrow ? PanelLeftOpen : PanelLeftClose;
  return (
    <nav
      aria-label="Main"
      className={joinClasses(
        "sticky top-0 flex h-dvh shrink-0 flex-col gap-1 border-r border-line bg-surface-2 p-2 max-md:hidden",
        isNarrow ? "w-14" : "w-52",
      )}
    >
      <div className="flex h-10 items-center gap-2 px-2" title={session.company}>
        <span
          aria-hidden
          className="grid size-6 shrink-0 place-items-center rounded-md bg-accent text-xs font-semibold text-on-accent uppercase"
        >
          {session.company.slice(0, 1)}
        </span>
        {!isNarrow && <span className="truncate font-semibold">{session.company}</span>}
      </div>
      <ul className="mt-2 flex flex-1 flex-col gap-0.5">
        {placesFor(session).map((place) => (
          <li key={place.to}>
            <Link
              to={place.to}
              title={isNarrow ? place.label : undefined}
              activeOptions={{ exact: true, includeSearch: false }}
              className="flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm text-text-2 hover:bg-surface-3 hover:text-text-1 aria-[current=page]:bg-surface-3 aria-[current=page]:font-medium aria-[current=page]:text-text-1"
            >
              <place.icon size={16} aria-hidden className="shrink-0" />
              <span className={isNarrow ? "sr-only" : ""}>{place.label}</span>
            </Link>
          </li>
        ))}
      </ul>
      <button
        type="button"
        onClick={toggle}
        className="flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm text-text-2 hover:bg-surface-3 hover:text-text-1"
        title={isNarrow ? "Widen the rail" : undefined}
      >
        <Toggle size={16} aria-hidden className="shrink-0" />
        <span className={isNarrow ? "sr-only" : ""}>{isNarrow ? "Widen the rail" : "Narrow the rail"}</span>
      </button>
      <PersonMenu session={session} theme={theme} onTheme={onTheme} form={isNarrow ? "icon" : "row"} />
    </nav>
  );
}

/** The same on a phone, where the thumb is. */
export function BottomTabs({ session, theme, onTheme }: RailProps) {
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 flex h-14 border-t border-line bg-surface-2 md:hidden"
    >
      {placesFor(session).map((place) => (
        <Link
          key={place.to}
          to={place.to}
          activeOptions={{ exact: true, includeSearch: false }}
          className="flex flex-1 flex-col items-center justify-center gap-0.5 text-xs text-text-2 aria-[current=page]:font-medium aria-[current=page]:text-accent"
        >
          <place.icon size={20} aria-hidden />
          {place.label}
        </Link>
      ))}
      <PersonMenu session={session} theme={theme} onTheme={onTheme} form="tab" />
    </nav>
  );
}

function placesFor(session: RailProps["session"]) {
  return places.filter((place) => session.permissions.includes(place.permission));
}
