import { useMutation } from "@tanstack/react-query";
import { readAnswer } from "./api.ts";
import { nameOf, saveBlob } from "./download.ts";
import { useToasts } from "./toasts.tsx";

/** Saves what the server prints; a host that cannot print says so. */
export function useSavePdf(path: string) {
  const show = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: async () => {
      const answer = await readAnswer(path, { accept: "application/pdf" });
      saveBlob(await answer.blob(), nameOf(answer) ?? "costs.pdf");
    },
    onError: (error) => show({ id: "pdf", tone: "error", title: "There is no PDF.", body: error.message }),
  });
}
