"use client";

/** How a change gets to the server, and what the server has made of it to the lists. */
import type { Mutation, Query, QueryClient } from "@tanstack/react-query";

import { keys, loadedTask, replaceTask } from "./cache";
import { type Change, layOver, lift } from "./overlay";
import { isPlaceholder, type Task } from "./task";
import { isSignedIn } from "./tell-user";

/** Who is told what has come of a change. The user may have gone by then: see `tellUser`. */
export interface Outcome<What> {
  saved?(what: What): void;
  lost(what: What, error: unknown): void;
}

interface UnderWay {
  readonly change: Change;
  readonly mutation: Mutation<Task | null, unknown>;
  readonly saving: Promise<unknown>;
}

/** The changes that are being saved, or wait for their turn. */
const underWay = new Set<UnderWay>();

/** Whether a change has not even been sent, for another one is before it. */
export function isAnyUnsent(): boolean {
  return [...underWay].some(
    ({ change, mutation }) => mutation.state.isPaused && isSignedIn(change.task.user_id),
  );
}

/** Waits until whatever is being saved is saved, or has failed. */
export async function changesOver(): Promise<void> {
  await Promise.allSettled([...underWay].map(({ saving }) => saving));
}

/** Shows a change, saves it, and tells what has come of it. */
export async function showAndSave<What>(
  client: QueryClient,
  change: Change,
  save: () => Promise<Task>,
  what: What,
  { saved, lost }: Outcome<What>,
): Promise<void> {
  layOver(client, change);
  try {
    await carryOut(client, change, save);
  } catch (error) {
    return lost(what, error);
  }
  saved?.(what);
}

/**
 * Saves a change that is shown already, and shows it no more as one: what the server has made of it
 * takes its place, or what stood before if it cannot be saved, which is thrown. When the page is about to
 * go, it does not wait for its turn.
 */
export async function carryOut(
  client: QueryClient,
  change: Change,
  save: () => Promise<Task | null>,
  isLeaving = false,
): Promise<void> {
  const mutation = client.getMutationCache().build(client, {
    mutationKey: keys.changes,
    mutationFn: save,
    ...(!isLeaving && { scope: { id: turnOf(change.task) } }),
  });
  const saving = mutation.execute(undefined);
  const entry = { change, mutation, saving };
  underWay.add(entry);
  try {
    const saved = await saving;
    lift(client, change);
    record(client, change.task, saved);
  } catch (error) {
    lift(client, change);
    // It may have been saved all the same.
    doubtful.add(client);
    throw error;
  } finally {
    underWay.delete(entry);
    void askAgain(client);
  }
}

/** What changes of a task take their turns by, so that the last one wins; new tasks stand in one line. */
function turnOf(task: Task): string {
  return isPlaceholder(task) ? "new" : String(task.id);
}

/** Those of which nobody knows for sure whether their lists are what the server has. */
const doubtful = new WeakSet<QueryClient>();

/** Writes down what the server has made of a task. */
function record(client: QueryClient, task: Task, saved: Task | null): void {
  const isDoubtful = ({ state }: Query) => state.isInvalidated || state.error !== null;
  const isAsking = ({ state }: Query) =>
    state.data !== undefined && state.fetchStatus === "fetching";
  const queries = client.getQueryCache().findAll({ queryKey: keys.all });
  if (queries.some((query) => isDoubtful(query) || isAsking(query))) doubtful.add(client);
  replaceTask(client, isPlaceholder(task) ? null : (loadedTask(client, task.id) ?? task), saved);
  // What is being asked for may have been answered before.
  void client.cancelQueries({ queryKey: keys.all, predicate: isAsking });
}

/** After the last of several changes: asks for what nobody knows for sure. */
async function askAgain(client: QueryClient): Promise<void> {
  if (client.isMutating({ mutationKey: keys.changes }) > 0) return;
  // So may what is being asked for the first time, which the changes have left alone.
  const isFirst = ({ state }: Query) =>
    state.data === undefined && state.fetchStatus === "fetching";
  const first = { queryKey: keys.all, predicate: isFirst };
  if (client.isFetching(first) > 0) doubtful.add(client);
  await client.cancelQueries(first);
  await client.invalidateQueries({ queryKey: doubtful.delete(client) ? keys.all : keys.counts });
}
