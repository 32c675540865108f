"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { Problem } from "@/api/problem";
import { auth, type OpenSession } from "@/auth";

/** The key of the query of the user's sessions. */
export const SESSIONS = ["sessions"];

/** Where the user is signed in. */
export function useSessions() {
  return useQuery({ queryKey: SESSIONS, queryFn: () => auth().sessions() });
}

/** Ends a session, and takes it out of the list. */
export function useEndSession(onEnded: (session: OpenSession) => void) {
  const { keepThose } = useKept();
  return useMutation({
    mutationFn: (session: OpenSession) => end(session.id),
    async onSuccess(_, ended) {
      await keepThose(({ id }) => id !== ended.id);
      onEnded(ended);
    },
  });
}

/** One that has ended meanwhile is what was wanted. */
async function end(id: string) {
  try {
    await auth().endSession(id);
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== "session-not-found") throw error;
  }
}

/** Ends all sessions but the one of this browser. */
export function useEndOtherSessions(onEnded: () => void) {
  const { keepThose } = useKept();
  return useMutation({
    mutationFn: () => auth().endOtherSessions(),
    async onSuccess() {
      await keepThose(({ current }) => current);
      onEnded();
    },
  });
}

function useKept() {
  const queries = useQueryClient();
  return {
    /** Leaves out of the list what has ended, also from an answer that is still on its way. */
    async keepThose(stays: (session: OpenSession) => boolean) {
      await queries.cancelQueries({ queryKey: SESSIONS });
      queries.setQueryData<readonly OpenSession[]>(SESSIONS, (all) => all?.filter(stays));
    },
  };
}
