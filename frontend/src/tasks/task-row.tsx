"use client";

import { Check, Trash2 } from "lucide-react";
import { memo } from "react";

import { IconButton } from "@/ui/button";
import { useCompleteTask } from "./changes";
import { isPlaceholder, type Task } from "./task";

/** A task in the list: done or not, what it is, and away with it. */
export const TaskRow = memo(function TaskRow({
  task,
  onComplete,
  onEdit,
  onDelete,
}: {
  readonly task: Task;
  /**
   * It is being completed or opened again, with how to take that back; the answer withdraws what the
   * user was told of it.
   */
  readonly onComplete: (task: Task, undo: () => void) => (() => void) | undefined;
  readonly onEdit: (task: Task) => void;
  readonly onDelete: (task: Task) => void;
}) {
  const complete = useCompleteTask(task);
  const saving = isPlaceholder(task);
  const toggle = () => {
    const { completed } = task;
    const withdraw = onComplete({ ...task, completed: !completed }, () => complete(completed));
    complete(!completed, withdraw);
  };
  return (
    <div className="group flex items-start gap-1 px-1.5 py-1">
      <label className="relative flex size-11 shrink-0 cursor-pointer items-center justify-center">
        <input
          type="checkbox"
          data-part="complete"
          aria-label={`Complete “${task.title}”`}
          checked={task.completed}
          disabled={saving}
          onChange={toggle}
          className="peer size-6 cursor-pointer appearance-none rounded-full border-2 border-edge bg-surface transition-colors checked:border-accent checked:bg-accent hover:border-accent"
        />
        <Check
          aria-hidden
          strokeWidth={3}
          className="pointer-events-none absolute size-4 text-on-accent opacity-0 forced-color-adjust-auto peer-checked:opacity-100"
        />
      </label>
      <button
        type="button"
        data-part="edit"
        disabled={saving}
        aria-label={`Edit “${task.title}”`}
        onClick={() => onEdit(task)}
        className="grid min-h-11 min-w-0 grow content-center gap-0.5 rounded-xl px-2 py-2 text-left"
      >
        <span
          dir="auto"
          className={`wrap-anywhere ${
            task.completed ? "text-muted line-through decoration-muted/60" : ""
          }`}
        >
          {task.title}
        </span>
        {task.description && (
          <span dir="auto" className="line-clamp-2 whitespace-pre-line text-muted text-sm">
            {task.description}
          </span>
        )}
      </button>
      <IconButton
        label={`Delete “${task.title}”`}
        data-part="delete"
        disabled={saving}
        onClick={() => onDelete(task)}
        className="opacity-60 hover:text-danger focus-visible:opacity-100 group-hover:opacity-100"
      >
        <Trash2 aria-hidden />
      </IconButton>
    </div>
  );
});
