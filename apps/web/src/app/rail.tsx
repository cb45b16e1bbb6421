import { joinClasses } from "@finops/ui/text/join-classes";
import { Link } from "@tanstack/react-router";
import { PanelLeftClose, PanelLeftOpen, Search } from "lucide-react";
import { usePreferences } from "../lib/preferences.ts";
import type { Session } from "../lib/session.ts";
import { PersonMenu } from "./person-menu.tsx";
import { PinnedViews } from "./pinned-views.tsx";
import { type Place, placesFor, tabsFor } from "./places.ts";

export interface RailProps {
  session: Extract<Session, { signedIn: true }>;
  onSearch: () => void;
}

const rowClasses =
  "flex h-8 w-full items-center gap-2.5 rounded-md px-2.5 text-left text-sm text-text-2 hover:bg-surface-3 hover:text-text-1 aria-[current=page]:bg-surface-3 aria-[current=page]:font-medium aria-[current=page]:text-text-1";

/** The way around, at the left: only what the person may see. */
export function Rail({ session, onSearch }: RailProps) {
  const isNarrow = usePreferences((preferences) => preferences.isRailNarrow);
  const toggle = usePreferences((preferences) => preferences.toggleRail);
  const Toggle = isNarrow ? PanelLeftOpen : PanelLeftClose;
  const textClasses = textClassesOf(isNarrow);
  const places = placesFor(session);
  const ofCompany = places.filter((place) => place.area === "company");
  return (
    <nav
      aria-label="Main"
      className={joinClasses(
        "sticky top-0 flex h-dvh shrink-0 flex-col gap-1 overflow-y-auto border-r border-line bg-surface-2 p-2 max-md:hidden print:hidden",
        isNarrow ? "w-14" : "w-52",
      )}
    >
      <div className="flex h-10 shrink-0 items-center gap-2 px-2" title={session.company}>
        <span
          aria-hidden
          className="grid size-6 shrink-0 place-items-center rounded-md bg-accent text-xs font-semibold text-on-accent uppercase"
        >
          {session.company.slice(0, 1)}
        </span>
        {!isNarrow && (
          <span className="truncate font-semibold capitalize" dir="auto">
            {session.company}
          </span>
        )}
      </div>
      <button
        type="button"
        onClick={onSearch}
        title={isNarrow ? "Find or do" : undefined}
        className={joinClasses(rowClasses, "mt-1 border border-line-strong bg-surface-1")}
      >
        <Search size={16} aria-hidden className="-ml-px shrink-0" />
        <span className={textClasses}>Find or do</span>
        {!isNarrow && <kbd className="font-sans text-xs text-text-3">{isMac() ? "⌘K" : "Ctrl K"}</kbd>}
      </button>
      <Places places={places.filter((place) => place.area === "costs")} isNarrow={isNarrow} />
      {ofCompany.length > 0 && (
        <>
          {isNarrow ? (
            <hr className="mx-2 mt-3 mb-1 border-line" />
          ) : (
            <h2 className="mt-3 px-2.5 py-1 text-xs font-medium text-text-3">Company</h2>
          )}
          <Places places={ofCompany} isNarrow={isNarrow} />
        </>
      )}
      <div className="flex-1" />
      <button
        type="button"
        onClick={toggle}
        aria-expanded={!isNarrow}
        className={rowClasses}
        title={isNarrow ? "Widen the rail" : undefined}
      >
        <Toggle size={16} aria-hidden className="shrink-0" />
        <span className={textClasses}>{isNarrow ? "Widen the rail" : "Narrow the rail"}</span>
      </button>
      <PersonMenu session={session} form={isNarrow ? "icon" : "row"} />
    </nav>
  );
}

function Places({ places, isNarrow }: { places: readonly Place[]; isNarrow: boolean }) {
  return (
    <ul className="mt-1 flex flex-col gap-0.5">
      {places.map((place) => (
        <li key={place.to}>
          <Link
            to={place.to}
            title={isNarrow ? place.label : undefined}
            activeOptions={{ exact: place.to === "/", includeSearch: false }}
            className={rowClasses}
          >
            <place.icon size={16} aria-hidden className="shrink-0" />
            <span className={textClassesOf(isNarrow)}>{place.label}</span>
          </Link>
          {place.to === "/explorer" && !isNarrow && <PinnedViews />}
        </li>
      ))}
    </ul>
  );
}

function textClassesOf(isNarrow: boolean): string {
  return isNarrow ? "sr-only" : "min-w-0 flex-1 truncate";
}

/** The same on a phone, where the thumb is. */
export function BottomTabs({ session, onSearch }: RailProps) {
  const tabClasses =
    "flex min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-xs text-text-2 aria-[current=page]:font-medium aria-[current=page]:text-accent";
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 flex h-14 border-t border-line bg-surface-2 pb-[env(safe-area-inset-bottom)] md:hidden print:hidden"
    >
      {tabsFor(session).map((place) => (
        <Link
          key={place.to}
          to={place.to}
          activeOptions={{ exact: place.to === "/", includeSearch: false }}
          className={tabClasses}
        >
          <place.icon size={20} aria-hidden />
          <span className="max-w-full truncate">{place.label}</span>
        </Link>
      ))}
      <button type="button" onClick={onSearch} className={tabClasses}>
        <Search size={20} aria-hidden />
        Find
      </button>
      <PersonMenu session={session} form="tab" />
    </nav>
  );
}

export function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}
