import type { OwnProfile } from "@finops/capabilities/people/contract";
import { Button } from "@finops/ui/primitives/button";
import { TextField } from "@finops/ui/primitives/text-field";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { request } from "../../lib/api.ts";
import { peopleKey } from "../../lib/people-queries.ts";
import { sessionKey } from "../../lib/query-client.ts";
import { useToasts } from "../../lib/toasts.tsx";

/** What one is called, to change. */
export function OwnName({ name }: { name: string }) {
  const client = useQueryClient();
  const tell = useToasts((toasts) => toasts.show);
  const [draft, setDraft] = useState(name);
  const save = useMutation({
    mutationFn: () => request<OwnProfile>("/api/v1/me", { method: "PATCH", body: { name: draft } }),
    onSuccess: (now) => {
      setDraft(now.name);
      tell({ id: "own-name", tone: "info", title: `You are called ${now.name} in every company.` });
      // Saved is saved: who goes on to another name need not wait until all that shows it was read again.
      for (const queryKey of [sessionKey, peopleKey]) void client.invalidateQueries({ queryKey });
    },
    onError: (error) => tell({ id: "own-name", tone: "error", title: "Your name stays.", body: error.message }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit} className="flex max-w-md gap-2">
      <TextField
        className="flex-1"
        label="Your name"
        isLabelHidden
        value={draft}
        onChange={setDraft}
        required
        maxLength={120}
        autoComplete="name"
        placeholder="How others know you"
      />
      <Button type="submit" disabled={draft.trim() === "" || draft.trim() === name || save.isPending}>
        Save
      </Button>
    </form>
  );
}
