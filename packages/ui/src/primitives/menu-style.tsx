import { Check } from "lucide-react";

export const menuPanelClasses =
  "appear z-50 max-h-[min(420px,var(--radix-dropdown-menu-content-available-height,420px))] min-w-52 max-w-80 overflow-y-auto rounded-lg border border-line-strong bg-surface-1 p-1 text-sm shadow-[0_8px_24px_rgb(0_0_0/0.12)]";
export const menuItemClasses =
  "flex w-full items-start gap-2 rounded-md px-2 py-1.5 text-left outline-none select-none data-[highlighted]:bg-surface-3";

/** The inside of a menu's entry: a tick where it is chosen, its name and what it means. */
export function MenuItemText({
  isChosen,
  label,
  about,
}: {
  isChosen: boolean;
  label: string;
  about?: string | undefined;
}) {
  return (
    <>
      <Check
        size={14}
        aria-hidden
        className={isChosen ? "mt-[3px] shrink-0 text-accent" : "invisible mt-[3px] shrink-0"}
      />
      <span className="min-w-0">
        <span className="block truncate text-text-1">{label}</span>
        {about !== undefined && <span className="block text-xs text-text-2">{about}</span>}
      </span>
    </>
  );
}
