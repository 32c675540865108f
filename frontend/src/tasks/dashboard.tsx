"use client";

import { Keyboard } from "lucide-react";
import { useState } from "react";

import { messageOf } from "@/api/problem";
import { AddTask } from "./add-task";
import { ConnectionBanner } from "./connection-banner";
import { undoDeletion } from "./deletions";
import { focusedTask, focusNewTask, focusPart, moveFocus } from "./focus";
import { FurtherPages } from "./further-pages";
import { BrokenList, EmptyList, ListSkeleton } from "./list-states";
import { useAskAgain, useTaskCounts, useTaskPages } from "./queries";
import { ShortcutList } from "./shortcut-list";
import { type Action, useShortcuts } from "./shortcuts";
import { TaskList } from "./task-list";
import { Toolbar } from "./toolbar";
import { useView } from "./use-view";

/** The user's tasks: a line for the next one, what is shown of them, and the list. */
export function Dashboard() {
  const [view, show] = useView();
  const [helping, setHelping] = useState(false);
  const { tasks, pages } = useTaskPages(view);
  const counts = useTaskCounts();
  const askAgain = useAskAgain();

  useShortcuts((action: Action) => {
    switch (action) {
      case "new":
        return focusNewTask();
      case "next":
        return moveFocus(1);
      case "previous":
        return moveFocus(-1);
      case "complete":
      case "edit":
      case "delete":
        return press(action);
      case "undo":
        return void undoDeletion();
      case "all":
      case "pending":
      case "completed":
        return show({ ...view, status: action });
      case "help":
        return setHelping(true);
    }
  });

  return (
    <div className="grid grid-cols-1 gap-4">
      <h1 className="mt-4 font-semibold text-3xl tracking-tight">Tasks</h1>
      <ConnectionBanner
        error={tasks === undefined || pages.isFetchNextPageError ? null : pages.error}
        onAgain={askAgain}
      />
      <AddTask view={view} showPending={() => show({ ...view, status: "pending" })} />
      <Toolbar view={view} counts={counts} onChange={show} />
      {tasks === undefined && pages.isPending && <ListSkeleton />}
      {tasks === undefined && pages.isError && (
        <BrokenList why={messageOf(pages.error)} onRetry={() => void pages.refetch()} />
      )}
      {tasks?.length === 0 && !pages.hasNextPage && <EmptyList status={view.status} />}
      {tasks && tasks.length > 0 && <TaskList tasks={tasks} view={view} />}
      {pages.hasNextPage && (
        <FurtherPages
          loading={pages.isFetchingNextPage}
          failed={pages.isFetchNextPageError}
          ready={!pages.isFetching && !pages.isError}
          onMore={() => void pages.fetchNextPage({ cancelRefetch: false })}
        />
      )}
      <button
        type="button"
        onClick={() => setHelping(true)}
        className="flex min-h-11 items-center gap-2 justify-self-center rounded-xl px-3 text-muted text-sm hover:text-ink pointer-coarse:hidden"
      >
        <Keyboard aria-hidden className="size-4" /> Keyboard shortcuts
      </button>
      <ShortcutList open={helping} onClose={() => setHelping(false)} />
    </div>
  );
}

/** Does to the task that has the focus what its own button does. */
function press(part: "complete" | "edit" | "delete") {
  const id = focusedTask();
  if (id === null) return;
  document.querySelector<HTMLElement>(`[data-task="${id}"] [data-part="${part}"]`)?.click();
  if (part === "complete") focusPart(id, "complete");
}
