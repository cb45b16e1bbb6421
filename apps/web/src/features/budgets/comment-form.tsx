import { Button } from "@finops/ui/primitives/button";
import { Select } from "@finops/ui/primitives/select";
import { TextArea } from "@finops/ui/primitives/text-area";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../../lib/session.ts";
import { useComment } from "./budget-queries.ts";
import { mentionedIn } from "./mentions.ts";
import { readersQuery } from "./reader-queries.ts";

/** What one says of a budget, and to whom: who is mentioned is told of it. */
export function CommentForm({ id }: { id: string }) {
  const [text, setText] = useState("");
  const comment = useComment(id, () => setText(""));
  const seesPeople = useMay("members:read");
  const readers = useQuery({ ...readersQuery(id), enabled: seesPeople });
  const people = readers.data ?? [];
  const mentioned = mentionedIn(text, people);
  return (
    <div className="space-y-2">
      <TextArea label="Say something" value={text} onChange={setText} rows={2} maxLength={4000} />
      <div className="flex flex-wrap items-end gap-2">
        <Button
          disabled={text.trim() === "" || comment.isPending}
          onClick={() => comment.mutate({ text, mentionIds: mentioned.map((one) => one.id) })}
        >
          Comment
        </Button>
        {people.length > 0 && (
          <Select
            label="Mention a person"
            isLabelHidden
            className="w-44"
            value=""
            options={[
              { value: "", label: "Mention a person" },
              ...people.map((one) => ({ value: one.id, label: one.name })),
            ]}
            onChange={(personId) => {
              const found = people.find((one) => one.id === personId);
              if (found !== undefined) setText(`${text}${text === "" || text.endsWith(" ") ? "" : " "}@${found.name} `);
            }}
          />
        )}
      </div>
      {mentioned.length > 0 && (
        <p className="text-xs text-text-2" role="status">
          Told by mail and on the page of budgets: {mentioned.map(({ name }) => name).join(", ")}.
        </p>
      )}
    </div>
  );
}
