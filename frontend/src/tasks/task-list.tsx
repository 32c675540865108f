"use client";

import { useCallback, useState } from "react";

import { toast } from "@/ui/toast";
import { useDeleteTask } from "./deletions";
import { focusPart, leaveTask } from "./focus";
import type { Task, TaskDraft } from "./task";
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
  const [editing, setEditing] = useState<{ id: number; draft: TaskDraft } | null>(null);
  const remove = useDeleteTask();

  const edit = useCallback((task: Task, draft: TaskDraft = task) => {
    setEditing({ id: task.id, draft });
  }, []);
  const close = (id: number) => {
    setEditing(null);
    focusPart(id, "edit");
  };
  const onDelete = useCallback(
    (task: Task) => {
      leaveTask(task.id);
      remove(task);
    },
    [remove],
  );
  const onComplete = useCallback(
    (task: Task, undo: () => void) => {
      if (shows(view, task)) return;
      leaveTask(task.id);
      const what = task.completed ? "completed" : "open again";
      const undoAndReturn = () => {
        undo();
        focusPart(task.id, "complete");
      };
      toast(`“${task.title}” is ${what}.`, { action: { label: "Undo", run: undoAndReturn } });
    },
    [view],
  );

  return (
    <ul
      aria-label="Tasks"
      className="divide-y divide-line overflow-hidden rounded-3xl border border-line bg-surface shadow-card"
    >
      {tasks.map((task) => (
        <li
          key={task.id}
          data-task={task.id}
          className="[contain-intrinsic-size:auto_3.25rem] [content-visibility:auto]"
        >
          {editing?.id === task.id ? (
            <TaskEditor
              task={task}
              draft={editing.draft}
              onClose={() => close(task.id)}
              editAgain={edit}
            />
          ) : (
            <TaskRow task={task} onComplete={onComplete} onEdit={edit} onDelete={onDelete} />
          )}
        </li>
      ))}
    </ul>
  );
}
