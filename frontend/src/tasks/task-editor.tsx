"use client";

import { type KeyboardEvent, useEffect } from "react";
import * as z from "zod/mini";

import { description, maxLength, title } from "@/forms/fields";
import { useApiForm } from "@/forms/use-api-form";
import { Button } from "@/ui/button";
import { TextArea, TextField } from "@/ui/field";
import { useUpdateTask } from "./changes";
import type { Task, TaskDraft } from "./task";

const schema = z.object({ title, description });

/** A task being edited, at its place in the list. Enter saves, Escape leaves it as it was. */
export function TaskEditor({
  task,
  draft,
  onClose,
  editAgain,
}: {
  readonly task: Task;
  /** What to begin with. */
  readonly draft: TaskDraft;
  readonly onClose: () => void;
  readonly editAgain: (task: Task, draft: TaskDraft) => void;
}) {
  const update = useUpdateTask(task.id, ({ before, after }) => editAgain(before, after));
  const form = useApiForm({
    schema,
    defaults: { title: draft.title, description: draft.description ?? "" },
    async submit({ title, description }) {
      const draft = { title: title.trim(), description: description === "" ? null : description };
      const same = draft.title === task.title && draft.description === task.description;
      if (!same) update.mutate({ before: task, after: { ...task, ...draft } });
      onClose();
    },
  });
  const { setFocus } = form;
  useEffect(() => setFocus("title", { shouldSelect: true }), [setFocus]);

  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") onClose();
    // In the description, Enter alone begins a new line.
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void form.onSubmit(event);
    else return;
    event.preventDefault();
  };
  return (
    <form
      noValidate
      aria-label={`Edit “${task.title}”`}
      onSubmit={form.onSubmit}
      onKeyDown={keys}
      className="grid gap-3 p-4"
    >
      <TextField label="Title" dir="auto" autoComplete="off" {...form.field("title")} />
      <TextArea
        label="Description"
        dir="auto"
        hint={`${[...form.watch("description")].length} of ${maxLength("description")} characters`}
        {...form.field("description")}
      />
      <div className="flex justify-end gap-2">
        <Button look="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit">Save</Button>
      </div>
    </form>
  );
}
