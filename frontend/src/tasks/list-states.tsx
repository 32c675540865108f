import { CircleCheckBig, ListTodo, type LucideIcon, ServerCrash } from "lucide-react";
import type { ReactNode } from "react";

import { Button } from "@/ui/button";
import { Waiting } from "@/ui/waiting";
import type { Status } from "./view";

/** How the list looks before it has come. */
export function ListSkeleton() {
  return (
    <Waiting what="Your tasks are loading.">
      <ListShape />
    </Waiting>
  );
}

/** How the dashboard looks before it is known whose it is. */
export function DashboardSkeleton() {
  return (
    <Waiting what="Your tasks are loading.">
      <div className="grid grid-cols-1 gap-4">
        <div className="h-14.5 rounded-2xl bg-sunken" />
        <div className="h-12" />
        <ListShape />
      </div>
    </Waiting>
  );
}

function ListShape() {
  return (
    <div className="rounded-3xl border border-line bg-surface">
      {["w-3/5", "w-2/5", "w-1/2", "w-1/3", "w-3/5"].map((width, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they never change
        <div key={index} className="flex min-h-[3.25rem] items-center gap-4 px-4">
          <span className="size-6 rounded-full bg-sunken" />
          <span className={`h-4 rounded-full bg-sunken ${width}`} />
        </div>
      ))}
    </div>
  );
}

const EMPTY: Readonly<Record<Status, { icon: LucideIcon; title: string; text: string }>> = {
  all: {
    icon: ListTodo,
    title: "Nothing here yet",
    text: "Write down the first thing above, and press Enter.",
  },
  pending: {
    icon: CircleCheckBig,
    title: "All done",
    text: "Nothing is pending. Enjoy it, or add what comes next.",
  },
  completed: {
    icon: ListTodo,
    title: "Nothing completed yet",
    text: "What you tick off is kept here.",
  },
};

/** What stands in the place of a list without tasks. */
export function EmptyList({ status }: { readonly status: Status }) {
  const { icon, title, text } = EMPTY[status];
  return (
    <Notice icon={icon} title={title}>
      {text}
    </Notice>
  );
}

/** What stands in the place of a list that could not be loaded. */
export function BrokenList({
  why,
  onRetry,
}: {
  readonly why: string;
  readonly onRetry: () => void;
}) {
  return (
    <div role="alert">
      <Notice icon={ServerCrash} title="Your tasks cannot be shown">
        <span className="grid justify-items-center gap-4">
          {why}
          <Button look="secondary" onClick={onRetry}>
            Try again
          </Button>
        </span>
      </Notice>
    </div>
  );
}

function Notice({
  icon: Icon,
  title,
  children,
}: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="grid animate-appear justify-items-center gap-2 rounded-3xl border border-line border-dashed px-6 py-14 text-center">
      <Icon aria-hidden strokeWidth={1.5} className="mb-1 size-10 text-muted" />
      <h2 className="font-semibold">{title}</h2>
      <div className="text-balance text-muted text-sm">{children}</div>
    </div>
  );
}
