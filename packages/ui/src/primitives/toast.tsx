import { X } from "lucide-react";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "./button.tsx";

export interface ToastInput {
  /** What happened: "Budget removed". */
  title: string;
  about?: string;
  tone?: "good" | "error";
  /** Takes it back. The toast goes with it. */
  onUndo?: () => void;
}

type Toast = ToastInput & { id: number };

const ToastContext = createContext<(toast: ToastInput) => void>(() => {});

/** Says what was done, with the way back where there is one. */
export function useToast(): (toast: ToastInput) => void {
  return useContext(ToastContext);
}

const shownMs = 6000;
const countMax = 3;

/** Once around the app. The corner that tells what happened; errors stay until they are sent away. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const lastId = useRef(0);
  const show = useCallback((toast: ToastInput) => {
    lastId.current += 1;
    const id = lastId.current;
    setToasts((old) => [...old, { ...toast, id }].slice(-countMax));
  }, []);
  const remove = useCallback((id: number) => setToasts((old) => old.filter((toast) => toast.id !== id)), []);
  const list = useMemo(
    () => (
      <div
        role="region"
        aria-label="What happened"
        aria-live="polite"
        className="pointer-events-none fixed right-4 bottom-4 z-[60] flex w-[min(380px,calc(100vw-32px))] flex-col gap-2 max-md:bottom-20"
      >
        {toasts.map((toast) => (
          <ToastBox key={toast.id} toast={toast} onRemove={() => remove(toast.id)} />
        ))}
      </div>
    ),
    [toasts, remove],
  );
  return (
    <ToastContext value={show}>
      {children}
      {list}
    </ToastContext>
  );
}

function ToastBox({ toast, onRemove }: { toast: Toast; onRemove: () => void }) {
  const [isHeld, setIsHeld] = useState(false);
  useEffect(() => {
    // Time stands still while somebody reads it or has the focus in it.
    if (isHeld || toast.tone === "error") return;
    const timer = setTimeout(onRemove, shownMs);
    return () => clearTimeout(timer);
  }, [isHeld, toast, onRemove]);
  return (
    <div
      role={toast.tone === "error" ? "alert" : "status"}
      onPointerEnter={() => setIsHeld(true)}
      onPointerLeave={() => setIsHeld(false)}
      onFocus={() => setIsHeld(true)}
      onBlur={() => setIsHeld(false)}
      className="appear pointer-events-auto flex items-center gap-3 rounded-lg border border-line-strong bg-surface-1 py-2 pr-2 pl-4 text-sm shadow-[0_8px_24px_rgb(0_0_0/0.16)]"
    >
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">{toast.title}</p>
        {toast.about !== undefined && <p className="text-xs break-words text-text-2">{toast.about}</p>}
      </div>
      {toast.onUndo !== undefined && (
        <Button
          onClick={() => {
            toast.onUndo?.();
            onRemove();
          }}
        >
          Undo
        </Button>
      )}
      <Button kind="quiet" icon={<X size={16} aria-hidden />} aria-label="Dismiss" onClick={onRemove} />
    </div>
  );
}
