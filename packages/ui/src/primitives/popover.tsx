import { Popover as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { joinClasses } from "../text/join-classes.ts";

const popoverClasses =
  "appear z-50 rounded-lg border border-line-strong bg-surface-1 text-sm shadow-[0_8px_24px_rgb(0_0_0/0.12)] outline-none";

interface PopoverProps {
  /** Names the panel for those who do not see it. */
  label: string;
  /** The button that opens it. */
  trigger: ReactElement;
  align?: "start" | "center" | "end";
  className?: string;
  isOpen?: boolean;
  onOpen?: (isOpen: boolean) => void;
  children: ReactNode;
}

/** A small panel at a button, for what needs more than a list of actions. Escape and a click beside it close it. */
export function Popover({ label, trigger, align = "start", className, isOpen, onOpen, children }: PopoverProps) {
  return (
    <Radix.Root
      {...(isOpen === undefined ? {} : { open: isOpen })}
      {...(onOpen === undefined ? {} : { onOpenChange: onOpen })}
    >
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          className={joinClasses(
            popoverClasses,
            "max-h-[var(--radix-popover-content-available-height)] max-w-[calc(100vw-16px)] overflow-y-auto p-1",
            className,
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
