"use client";

import { Laptop, Smartphone, SquareTerminal } from "lucide-react";
import { useId } from "react";

import { messageOf } from "@/api/problem";
import type { OpenSession } from "@/auth";
import { Button } from "@/ui/button";
import { toast } from "@/ui/toast";
import { useEndSession } from "./sessions";
import { timeAgo } from "./time-ago";
import { useNow } from "./use-now";
import { type Device, deviceOf } from "./user-agent";

const ICONS: Record<Device["kind"], typeof Laptop> = {
  computer: Laptop,
  phone: Smartphone,
  program: SquareTerminal,
};

/** One place where the user is signed in. */
export function SessionItem({
  session,
  onEnded,
}: {
  readonly session: OpenSession;
  readonly onEnded: () => void;
}) {
  const { name, kind } = deviceOf(session.userAgent);
  const Icon = ICONS[kind];
  const detailsId = useId();
  return (
    <li className="grid grid-cols-[auto_1fr] items-center gap-x-3 gap-y-2 py-3 sm:grid-cols-[auto_1fr_auto]">
      <span className="flex size-10 items-center justify-center rounded-full bg-sunken text-muted">
        <Icon aria-hidden className="size-5" />
      </span>
      <div className="grid min-w-0 gap-0.5">
        <span className="wrap-anywhere font-medium text-sm">{name}</span>
        <span id={detailsId} className="wrap-anywhere text-muted text-sm">
          {session.ip && <>{session.ip} · </>}
          <LastUsed session={session} />
        </span>
      </div>
      <div className="col-start-2 justify-self-start sm:col-start-3">
        {session.current ? (
          <span className="rounded-full bg-accent-soft px-3 py-1 font-medium text-accent-strong text-xs">
            This browser
          </span>
        ) : (
          <EndSession session={session} device={name} detailsId={detailsId} onEnded={onEnded} />
        )}
      </div>
    </li>
  );
}

function LastUsed({ session: { current, lastUsedAt } }: { readonly session: OpenSession }) {
  const now = useNow();
  if (current) return "in use now";
  return (
    <>
      last used{" "}
      <time dateTime={lastUsedAt} title={new Date(lastUsedAt).toLocaleString("en")}>
        {timeAgo(lastUsedAt, now)}
      </time>
    </>
  );
}

function EndSession({
  session,
  device,
  detailsId,
  onEnded,
}: {
  readonly session: OpenSession;
  readonly device: string;
  /** What tells it from another session of such a device. */
  readonly detailsId: string;
  readonly onEnded: () => void;
}) {
  const { mutate, isPending } = useEndSession(() => {
    toast(`You are signed out of ${device}.`);
    onEnded();
  });
  const onError = (error: unknown) => toast(messageOf(error), { look: "danger" });
  return (
    <Button
      look="secondary"
      aria-label={`Sign out there: ${device}`}
      aria-describedby={detailsId}
      busy={isPending}
      onClick={() => mutate(session, { onError })}
    >
      Sign out there
    </Button>
  );
}
