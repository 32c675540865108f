"use client";

import { type MouseEvent, useCallback, useRef } from "react";

import { toast } from "@/ui/toast";
import { useDeleteTask } from "./deletions";
import { useEditing } from "./editing";
import { focusPart, leaveTask, taskOf } from "./focus";
import type { Task } from "./task";
import { TaskEditor } from "./task-editor";
import { TaskRow } from "./task-row";
import { shows, type View } from "./view";

/** The tasks, one of which may be open for editing. */
export function TaskList({
  tasks,
  view,
}: {
  readonly tasks: readonly Task[];
  readonly view: View;
}) {
  const { openTask, open } = useEditing();
  const remove = useDeleteTask();

  const onEdit = useCallback((task: Task) => open(task.id), [open]);
  const onDelete = useCallback(
    (task: Task) => {
      leaveTask(task.id);
      remove(task);
    },
    [remove],
  );
  const onComplete = useCallback(
    (task: Task, undo: () => void) => {
      if (shows(view, task)) return undefined;
      leaveTask(task.id);
      const what = task.completed ? "completed" : "open again";
      const undoAndReturn = () => {
        undo();
        focusPart(task.id, "complete");
      };
      return toast(`“${task.title}” is ${what}.`, {
        action: { label: "Undo", run: undoAndReturn },
      });
    },
    [view],
  );

  const clicked = useRef<number | null>(null);
  /** The second click of a double click may meet a task that has just moved there: it is not meant. */
  const onClickCapture = (event: MouseEvent) => {
    const id = event.target instanceof Element ? taskOf(event.target) : null;
    if (event.detail > 1 && id !== clicked.current) {
      event.preventDefault();
      event.stopPropagation();
    }
    clicked.current = id;
  };

  return (
    <ul
      aria-label="Tasks"
      onClickCapture={onClickCapture}
      className="divide-y divide-line overflow-hidden rounded-3xl border border-line bg-surface shadow-card"
    >
      {tasks.map((task) => (
        <li key={task.id} data-task={task.id}>
          {openTask === task.id ? (
            <TaskEditor task={task} />
          ) : (
            <TaskRow task={task} onComplete={onComplete} onEdit={onEdit} onDelete={onDelete} />
          )}
        </li>
      ))}
    </ul>
  );
}
