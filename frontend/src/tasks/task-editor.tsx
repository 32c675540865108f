"use client";

import { useRouter } from "next/navigation";
import {
  type KeyboardEvent,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import * as z from "zod/mini";

import { isSessionOver, messageOf } from "@/api/problem";
import { description, maxLength, title } from "@/forms/fields";
import { useApiForm } from "@/forms/use-api-form";
import { Button } from "@/ui/button";
import { TextArea, TextField } from "@/ui/field";
import { useUpdateTask } from "./changes";
import { isNothing, useEditing } from "./editing";
import { focusPart } from "./focus";
import type { Task, TaskDraft } from "./task";
import { tellUser } from "./tell-user";
import { addressOf, DEFAULT_VIEW } from "./view";

const schema = z.object({ title, description });

/**
 * A task being edited, at its place in the list. Enter saves, Escape leaves it as it was. What was
 * written is kept until it is saved or given up, also when the list goes from under it.
 */
export function TaskEditor({ task }: { readonly task: Task }) {
  const { isNew, draftOf, open, reopen, settle, close, keep, forget, giveBack } = useEditing();
  const router = useRouter();
  // It may be changed elsewhere while it is open.
  const [opened] = useState(task);
  const isDone = useRef(false);
  const update = useUpdateTask(task, {
    saved: (draft) => forget(task.id, draft),
    lost(draft, error) {
      giveBack(task.id, draft);
      // After logging in again the editor is where it was.
      if (isSessionOver(error)) return reopen(task.id);
      const action = { label: "Edit again", run: editAgain };
      const why = `Your edit is not saved. ${messageOf(error)}`;
      tellUser(task.user_id, why, { look: "danger", action, duration: 20_000 });
    },
  });
  const { title, description } = { ...task, ...draftOf(task.id) };
  const form = useApiForm({
    schema,
    defaults: { title, description: description ?? "" },
    async submit(written) {
      const draft = draftFrom(written);
      keep(task.id, draft);
      if (!isNothing(draft)) update(draft);
      end();
    },
  });

  const titleBox = useRef<HTMLInputElement>(null);
  const takeFocus = useEffectEvent(() => {
    const { activeElement, body } = document;
    // One that comes back by itself takes it from nobody.
    if (!isNew && activeElement !== body) return;
    titleBox.current?.focus();
    titleBox.current?.select();
    settle();
  });
  // At once, for the next key is meant for it; the form's own setFocus waits.
  useLayoutEffect(() => takeFocus(), []);

  const keepDraft = useEffectEvent(() => {
    if (!isDone.current) keep(task.id, draftFrom(form.getValues()));
  });
  useEffect(() => () => keepDraft(), []);

  /** What was changed here, and what was before and is not known to be saved. */
  function draftFrom({ title, description }: z.infer<typeof schema>): TaskDraft {
    const before = draftOf(task.id) ?? {};
    const isTitleNew = title.trim() !== opened.title || before.title !== undefined;
    const isDescriptionNew =
      description !== (opened.description ?? "") || before.description !== undefined;
    return {
      ...(isTitleNew && { title: title.trim() }),
      ...(isDescriptionNew && { description: description === "" ? null : description }),
    };
  }
  function editAgain() {
    open(task.id);
    // It may be far from here by now.
    if (!document.querySelector(`[data-task="${task.id}"]`)) router.push(addressOf(DEFAULT_VIEW));
  }
  function end() {
    isDone.current = true;
    close(task.id);
    focusPart(task.id, "edit");
  }
  function giveUp() {
    keep(task.id, {});
    end();
  }

  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") giveUp();
    // In the description, Enter alone begins a new line.
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void form.onSubmit(event);
    else return;
    event.preventDefault();
  };
  const { ref: tie, ...titleField } = form.field("title");
  const tieTitle = (box: HTMLInputElement | null) => {
    tie(box);
    titleBox.current = box;
  };
  return (
    <form
      noValidate
      aria-label={`Edit “${task.title}”`}
      onSubmit={form.onSubmit}
      onKeyDown={keys}
      className="grid gap-3 p-4"
    >
      <TextField label="Title" dir="auto" autoComplete="off" {...titleField} ref={tieTitle} />
      <TextArea
        label="Description"
        dir="auto"
        hint={`${[...form.watch("description")].length} of ${maxLength("description")} characters`}
        {...form.field("description")}
      />
      <div className="flex justify-end gap-2">
        <Button look="quiet" onClick={giveUp}>
          Cancel
        </Button>
        <Button type="submit">Save</Button>
      </div>
    </form>
  );
}
