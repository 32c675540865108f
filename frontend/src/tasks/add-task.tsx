"use client";

import { Plus } from "lucide-react";
import {
  type ChangeEvent,
  type SubmitEvent,
  useEffect,
  useEffectEvent,
  useId,
  useState,
} from "react";
import * as z from "zod/mini";

import { isSessionOver, messageOf, Problem } from "@/api/problem";
import { title } from "@/forms/fields";
import { useApiForm } from "@/forms/use-api-form";
import { FieldError } from "@/ui/field";
import { toast } from "@/ui/toast";
import { useCreateTask } from "./changes";
import { useNextTask } from "./next-task";
import { NEW_TASK } from "./shortcuts";
import { useTasks } from "./tasks-context";
import { tellUser } from "./tell-user";
import type { View } from "./view";

const schema = z.object({ title });

/** One line to write the next task in. Enter adds it, and the line is free for the one after it. */
export function AddTask({
  view,
  showPending,
}: {
  readonly view: View;
  readonly showPending: () => void;
}) {
  const { user } = useTasks();
  const errorId = useId();
  const [added, setAdded] = useState({ title: "", times: 0 });
  const { text, fault, aside, write, giveBack, putAside, dropAside } = useNextTask();
  const create = useCreateTask({ saved, lost });
  const form = useApiForm({
    schema,
    defaults: { title: text },
    async submit({ title }) {
      form.reset({ title: "" });
      write("");
      create(title);
    },
  });

  const { getValues, setValue, setError } = form;
  // What has come back, maybe while there was no line.
  useEffect(() => {
    if (getValues("title") !== text) setValue("title", text);
    if (fault) setError("title", { message: fault });
  }, [text, fault, getValues, setValue, setError]);

  function saved(title: string) {
    setAdded(({ times }) => ({ title: title.trim(), times: times + 1 }));
    if (view.status !== "completed") return;
    const action = { label: "Show", run: showPending };
    tellUser(user.id, "Added to the pending tasks.", { action });
  }
  /** What the user wrote is not lost with the call. */
  function lost(title: string, error: unknown) {
    const rule =
      error instanceof Problem && error.fields.find(({ field }) => field === "title")?.message;
    const isOver = isSessionOver(error);
    const why = isOver ? "Your session had ended." : messageOf(error);
    if (!giveBack(title, rule || null)) return putAside(title, why);
    const isToldThere = rule && document.getElementById(NEW_TASK);
    if (isOver || isToldThere) return;
    tellUser(user.id, `“${title.trim()}” is not added. ${why}`, { look: "danger" });
  }
  const offerAside = useEffectEvent(({ titles, why }: typeof aside) => {
    const what = titles.length === 1 ? `“${titles[0]?.trim()}” is` : `${titles.length} tasks are`;
    const addAgain = () => {
      dropAside();
      for (const title of titles) create(title);
    };
    return toast(`${what} not added. ${why}`, {
      look: "danger",
      action: { label: "Add again", run: addAgain },
      onGone: dropAside,
      // What stands nowhere else does not go by itself.
      duration: Number.POSITIVE_INFINITY,
    });
  });
  useEffect(() => (aside.titles.length > 0 ? offerAside(aside) : undefined), [aside]);

  /** A line with nothing in it breaks no rule yet: a second click on Add finds it so. */
  function onSubmit(event: SubmitEvent<HTMLFormElement>) {
    if (form.getValues("title") !== "") return void form.onSubmit(event);
    event.preventDefault();
    form.setFocus("title");
  }

  const { error, onChange, ...input } = form.field("title");
  const onWrite = (event: ChangeEvent<HTMLInputElement>) => {
    void onChange(event);
    write(event.target.value);
  };
  return (
    <form noValidate onSubmit={onSubmit} className="grid grid-cols-1 gap-1.5">
      <div className="flex items-center rounded-2xl border border-edge bg-surface shadow-card focus-within:outline-2 focus-within:outline-accent has-aria-invalid:border-danger">
        <input
          {...input}
          onChange={onWrite}
          id={NEW_TASK}
          aria-label="New task"
          aria-invalid={Boolean(error)}
          aria-describedby={error && errorId}
          placeholder="What is to be done?"
          autoComplete="off"
          enterKeyHint="done"
          dir="auto"
          className="min-h-14 min-w-0 grow rounded-2xl bg-transparent px-4 text-base outline-none placeholder:text-muted"
        />
        <button
          type="submit"
          aria-label="Add"
          title="Add"
          className="mr-1.5 flex size-11 shrink-0 items-center justify-center rounded-xl bg-accent text-on-accent transition-colors hover:bg-accent-strong"
        >
          <Plus aria-hidden className="size-5" />
        </button>
      </div>
      <FieldError id={errorId} label="The title" error={error} />
      <p role="status" className="sr-only">
        {/* Another element each time, or the same words would not be told again. */}
        {added.times > 0 && <span key={added.times}>“{added.title}” is added.</span>}
      </p>
    </form>
  );
}
