import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";

interface DialogProps {
  title: string;
  about: ReactNode;
  isOpen: boolean;
  onClose: () => void;
  /** The buttons: what is asked, last. */
  children: ReactNode;
}

/** Asks before something that others will see. */
export function Dialog({ title, about, isOpen, onClose, children }: DialogProps) {
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="appear fixed inset-0 z-40 bg-[rgb(0_0_0/0.4)]" />
        <Radix.Content className="appear fixed top-1/2 left-1/2 z-50 w-[min(460px,calc(100vw-32px))] -translate-x-1/2 -translate-y-1/2 rounded-lg border border-line-strong bg-surface-1 p-5">
          <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
          <Radix.Description asChild>
            <div className="mt-2 text-base text-text-2">{about}</div>
          </Radix.Description>
          <div className="mt-5 flex justify-end gap-2">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
