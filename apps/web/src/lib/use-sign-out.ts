import { useMutation } from "@tanstack/react-query";
import { request } from "./api.ts";
import { leaveEveryTab } from "./every-tab.ts";
import { useToasts } from "./toasts.tsx";

/** Ends the session of this browser, or all that the person has anywhere. */
export function useSignOut(of: "here" | "everywhere" = "here") {
  const tell = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: () => request<void>(of === "here" ? "/sign-out" : "/sign-out/everywhere", { method: "POST" }),
    onSuccess: leaveEveryTab,
    onError: (error) => tell({ id: "sign-out", tone: "error", title: "You are still signed in.", body: error.message }),
  });
}
