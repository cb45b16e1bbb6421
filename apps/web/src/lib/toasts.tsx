import { X } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { create } from "zustand";

export interface Toast {
  id: string;
  tone: "info" | "error";
  title: string;
  body?: ReactNode;
  action?: { label: string; onSelect: () => void };
  /** Stays until it is closed or replaced, such as while something runs. */
  isSticky?: boolean;
}

interface Toasts {
  shown: readonly Toast[];
  show: (toast: Toast) => void;
  close: (id: string) => void;
}

const shownMs = 8000;
const shownMax = 4;

/** What happened to something that was done a moment ago, such as a refused change. The same id replaces what it said before. */
export const useToasts = create<Toasts>()((set, get) => ({
  shown: [],
  show: (toast) => set({ shown: [...get().shown.filter((one) => one.id !== toast.id), toast].slice(-shownMax) }),
  close: (id) => set({ shown: get().shown.filter((one) => one.id !== id) }),
}));

/** Where they appear: in a corner, over nothing that is being read, and read aloud. */
export function ToastCorner() {
  const { shown, close } = useToasts();
  return (
    <div
      role="status"
      aria-label="Messages"
      className="pointer-events-none fixed right-4 bottom-18 z-50 flex w-[min(380px,calc(100vw-32px))] flex-col gap-2 md:bottom-4"
    >
      {shown.map((toast) => (
        <ToastBox key={toast.id} toast={toast} onClose={close} />
      ))}
    </div>
  );
}

function ToastBox({ toast, onClose }: { toast: Toast; onClose: (id: string) => void }) {
  const [isHeld, setIsHeld] = useState(false);
  useEffect(() => {
    // Time stands still while somebody reads it or has the focus in it; an error stays until it is sent away.
    if (isHeld || toast.isSticky === true || toast.tone === "error") return;
    const timer = setTimeout(() => onClose(toast.id), shownMs);
    return () => clearTimeout(timer);
  }, [isHeld, toast, onClose]);
  return (
    <div
      onPointerEnter={() => setIsHeld(true)}
      onPointerLeave={() => setIsHeld(false)}
      onFocus={() => setIsHeld(true)}
      onBlur={() => setIsHeld(false)}
      className="appear pointer-events-auto flex items-start gap-3 rounded-lg border border-line-strong bg-surface-1 p-3 text-sm shadow-[0_8px_24px_rgb(0_0_0/0.12)]"
    >
      <div className="min-w-0 flex-1">
        <p className={toast.tone === "error" ? "font-medium text-negative" : "font-medium"}>{toast.title}</p>
        {toast.body !== undefined && <div className="mt-0.5 break-words text-text-2">{toast.body}</div>}
        {toast.action !== undefined && (
          <button
            type="button"
            onClick={() => {
              onClose(toast.id);
              toast.action?.onSelect();
            }}
            className="mt-1.5 rounded-sm font-medium text-accent hover:underline"
          >
            {toast.action.label}
          </button>
        )}
      </div>
      <button
        type="button"
        aria-label={`Close: ${toast.title}`}
        onClick={() => onClose(toast.id)}
        className="-m-1 grid size-6 shrink-0 place-items-center rounded-sm text-text-2 hover:bg-surface-3"
      >
        <X size={14} aria-hidden />
      </button>
    </div>
  );
}
