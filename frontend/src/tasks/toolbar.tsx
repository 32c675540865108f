"use client";

import { ArrowDownUp } from "lucide-react";
import type { MouseEvent } from "react";

import { Button } from "@/ui/button";
import { Menu, MenuChoice } from "@/ui/menu";
import type { TaskCounts } from "./task";
import { addressOf, ORDERS, orderName, STATUSES, type Status, type View, withOrder } from "./view";

/** What is shown, with how many there are, and in which order. */
export function Toolbar({
  view,
  counts,
  onChange,
}: {
  readonly view: View;
  /** Undefined until they are known. */
  readonly counts: TaskCounts | undefined;
  readonly onChange: (view: View) => void;
}) {
  return (
    <div className="flex items-center justify-between gap-1">
      <nav aria-label="Filter" className="flex rounded-2xl bg-sunken p-1">
        {(Object.keys(STATUSES) as Status[]).map((status) => (
          <FilterLink
            key={status}
            view={{ ...view, status }}
            isCurrent={status === view.status}
            count={counts?.[status]}
            onChange={onChange}
          />
        ))}
      </nav>
      <Menu
        trigger={
          <Button
            look="quiet"
            className="px-2.5 sm:px-4"
            aria-label={`Order: ${ORDERS[orderName(view)]}`}
          >
            <ArrowDownUp aria-hidden className="size-4 text-muted" />
            <span className="max-sm:sr-only">{ORDERS[orderName(view)]}</span>
          </Button>
        }
      >
        <MenuChoice
          label="Order"
          value={orderName(view)}
          options={ORDERS}
          onChange={(name) => onChange(withOrder(view, name))}
        />
      </Menu>
    </div>
  );
}

/** A link, so that a filter can be opened in another tab as well. */
function FilterLink({
  view,
  isCurrent,
  count,
  onChange,
}: {
  readonly view: View;
  readonly isCurrent: boolean;
  readonly count: number | undefined;
  readonly onChange: (view: View) => void;
}) {
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onChange(view);
  };
  return (
    <a
      href={addressOf(view)}
      onClick={follow}
      aria-current={isCurrent ? "page" : undefined}
      className="flex min-h-10 items-center gap-1 rounded-xl px-2 font-medium text-muted text-sm transition-colors hover:text-ink aria-[current]:bg-raised aria-[current]:text-ink aria-[current]:shadow-card forced-colors:aria-[current]:underline sm:gap-1.5 sm:px-3.5"
    >
      {STATUSES[view.status]}
      {count !== undefined && (
        <span className="text-muted text-xs tabular-nums max-[20rem]:sr-only">
          {compact(count)}
        </span>
      )}
    </a>
  );
}

const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** 12,345 as 12.3K: it must fit beside its name on a small screen. */
function compact(count: number): string {
  return COMPACT.format(count);
}
