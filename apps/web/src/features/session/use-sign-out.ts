import { useMutation, useQueryClient } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request<void>("/sign-out", { method: "POST" }),
    // Nothing of the company stays in the memory of the page.
    onSuccess: () => {
      client.clear();
      location.assign("/");
    },
  });
}
