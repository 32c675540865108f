"use client";

import { useRef } from "react";

import { messageOf } from "@/api/problem";
import type { OpenSession } from "@/auth";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { toast } from "@/ui/toast";
import { Waiting } from "@/ui/waiting";
import { Card } from "./card";
import { SessionItem } from "./session-item";
import { useEndOtherSessions, useSessions } from "./sessions";

/** Where the user is signed in, and the end of that. */
export function SessionsCard() {
  const { data, error, refetch, isFetching } = useSessions();
  return (
    <Card
      title="Where you are signed in"
      description="If you do not know one of these, sign out there and change your password."
    >
      {data ? (
        <Sessions sessions={data} />
      ) : error ? (
        <div className="grid gap-4">
          <Alert>{messageOf(error)}</Alert>
          <Button
            look="secondary"
            className="justify-self-start"
            busy={isFetching}
            onClick={() => void refetch()}
          >
            Try again
          </Button>
        </div>
      ) : (
        <SessionsWaiting />
      )}
    </Card>
  );
}

function Sessions({ sessions }: { readonly sessions: readonly OpenSession[] }) {
  const list = useRef<HTMLUListElement>(null);
  // The button that was pressed is gone. If the focus is lost with it, the list gets it.
  const keepFocus = () =>
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) list.current?.focus();
    });
  const ordered = [...sessions].sort((a, b) => Number(b.current) - Number(a.current));
  const others = sessions.filter(({ current }) => !current);
  return (
    <>
      <ul
        ref={list}
        tabIndex={-1}
        aria-label="Your sessions"
        className="divide-y divide-line rounded-xl"
      >
        {ordered.map((session) => (
          <SessionItem key={session.id} session={session} onEnded={keepFocus} />
        ))}
      </ul>
      {others.length === 0 && <p className="text-sm">You are signed in nowhere else.</p>}
      {others.length > 1 && <EndOthers onEnded={keepFocus} />}
    </>
  );
}

function EndOthers({ onEnded }: { readonly onEnded: () => void }) {
  const { mutate, isPending } = useEndOtherSessions(() => {
    toast("You are signed out everywhere else.");
    onEnded();
  });
  const onError = (error: unknown) => toast(messageOf(error), { look: "danger" });
  return (
    <Button
      look="secondary"
      className="justify-self-start"
      busy={isPending}
      onClick={() => mutate(undefined, { onError })}
    >
      Sign out everywhere else
    </Button>
  );
}

function SessionsWaiting() {
  return (
    <Waiting what="Your sessions are loading.">
      <div className="grid gap-6 py-3">
        {["first", "second"].map((row) => (
          <div key={row} className="flex items-center gap-3">
            <span className="size-10 shrink-0 rounded-full bg-sunken" />
            <span className="grid min-w-0 grow grid-cols-1 gap-2">
              <span className="h-4 w-40 rounded bg-sunken" />
              <span className="h-3 w-56 max-w-full rounded bg-sunken" />
            </span>
          </div>
        ))}
      </div>
    </Waiting>
  );
}
