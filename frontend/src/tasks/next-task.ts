"use client";

/**
 * What stands in the line for the next task, and which tasks could not be added: by user, for it
 * outlives the line, a visit to another page and the end of a session.
 */
import { useCallback } from "react";

import { byUser, useMine } from "./by-user";

interface NextTask {
  readonly text: string;
  /** Which rule the text breaks that the server alone knows. */
  readonly fault: string | null;
  /** What did not fit into the line, until the user has seen to it. */
  readonly aside: Aside;
}

/** Titles that could not be added, and why. */
interface Aside {
  readonly titles: readonly string[];
  readonly why: string;
}

const NOTHING: Aside = { titles: [], why: "" };

const nextTask = byUser<NextTask>({ text: "", fault: null, aside: NOTHING });

/** What is written in the line, and what comes back to it. */
export function useNextTask() {
  const [{ text, fault, aside }, change] = useMine(nextTask);
  return {
    text,
    fault,
    aside,
    write: useCallback((text: string) => change(() => ({ text, fault: null })), [change]),
    /** Puts a title back into the line if that is free; answers whether it was. */
    giveBack: useCallback(
      (title: string, fault: string | null) => {
        let isFree = false;
        change(({ text }) => {
          isFree = text === "";
          return isFree ? { text: title, fault } : {};
        });
        return isFree;
      },
      [change],
    ),
    putAside: useCallback(
      (title: string, why: string) =>
        change(({ aside }) => ({ aside: { titles: [...aside.titles, title], why } })),
      [change],
    ),
    /** What was put aside has been seen to. */
    dropAside: useCallback(() => change(() => ({ aside: NOTHING })), [change]),
  };
}
