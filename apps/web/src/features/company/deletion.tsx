import type { Company, DeletionInput } from "@finops/capabilities/companies/contract";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { TextField } from "@finops/ui/primitives/text-field";
import { Notice } from "@finops/ui/states/notice";
import { formatDay } from "@finops/ui/text/format-day";
import type { QueryKey } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useSave } from "./use-save.ts";

const path = "/api/v1/company/deletion";
/** A company that is shut answers nothing as before. */
const everything: QueryKey = [];

/** Has the company deleted after its days of grace, and keeps it while they last. */
export function Deletion({ company }: { company: Company }) {
  return (
    <Card title="Delete the company" about="With every bill, cost, document, person and entry of the audit in it.">
      <div className="px-4 pb-4">
        {company.leavesAt === null ? <Ask company={company} /> : <Leaving leavesAt={company.leavesAt} />}
      </div>
    </Card>
  );
}

function Ask({ company: { name, state } }: { company: Company }) {
  const [typed, setTyped] = useState("");
  const leave = useSave<DeletionInput>({
    method: "POST",
    path: () => path,
    body: (body) => body,
    stale: everything,
    refused: "The company stays.",
  });
  if (state !== "active")
    return (
      <p className="text-sm text-text-2">
        The operator of the platform has suspended the company. Ask them to resume it before it is deleted.
      </p>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    leave.mutate({ companyName: typed });
  };
  return (
    <form onSubmit={submit} className="space-y-4">
      <ul className="list-disc space-y-1 pl-5 text-sm text-text-2">
        <li>It is shut at once: only its owners get in, to take its data along.</li>
        <li>After 30 days it is deleted, and nobody can bring it back. Until then any owner can keep it.</li>
        <li>People who belong to no other company are deleted with it, and so are its API keys.</li>
      </ul>
      <TextField
        className="max-w-md"
        label={`Type ${name} to confirm`}
        value={typed}
        onChange={setTyped}
        maxLength={200}
        autoComplete="off"
        required
      />
      <Button kind="danger" type="submit" disabled={typed.trim() !== name || leave.isPending}>
        Delete the company in 30 days
      </Button>
    </form>
  );
}

function Leaving({ leavesAt }: { leavesAt: string }) {
  const keep = useSave<void>({
    method: "DELETE",
    path: () => path,
    stale: everything,
    done: "The company stays.",
    refused: "The company still leaves.",
  });
  return (
    <Notice
      tone="warning"
      title={`It is deleted on ${formatDay(leavesAt.slice(0, 10))}.`}
      action={
        <Button disabled={keep.isPending} onClick={() => keep.mutate()}>
          Keep the company
        </Button>
      }
    >
      Only its owners get in. Take its data along before, or keep it: then everything is as it was.
    </Notice>
  );
}
