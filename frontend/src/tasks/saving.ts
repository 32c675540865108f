"use client";

/** How a change gets to the server, and what the server has made of it to the lists. */
import type { Mutation, Query, QueryClient } from "@tanstack/react-query";

import { auth } from "@/auth";
import { keys, loadedTask, replaceTask } from "./cache";
import { type Change, layOver, lift } from "./overlay";
import { isPlaceholder, type Task } from "./task";

/** Who is told what has come of a change. */
export interface Told<What> {
  saved?(what: What): void;
  lost(what: What, error: unknown): void;
}

/** The changes that are being saved, or wait for their turn. */
const underWay = new Map<Mutation<Task | null, unknown>, Promise<unknown>>();

/** Whether a change has not even been sent, for another one is before it. */
export function isAnyUnsent(): boolean {
  return [...underWay.keys()].some(({ state }) => state.isPaused);
}

/** Waits until whatever is being saved is saved, or has failed. */
export async function changesOver(): Promise<void> {
  await Promise.allSettled(underWay.values());
}

/**
 * Shows a change, saves it, and tells what has come of it: but nobody of what another user has written.
 */
export async function showAndSave<What>(
  client: QueryClient,
  change: Change,
  save: () => Promise<Task>,
  what: What,
  { saved, lost }: Told<What>,
): Promise<void> {
  layOver(client, change);
  try {
    await carryOut(client, change, save);
  } catch (error) {
    if (isHeard(change.task.user_id)) lost(what, error);
    return;
  }
  saved?.(what);
}

/**
 * Saves a change that is shown already, and shows it no more as one: what the server has made of it
 * takes its place, or what stood before if it cannot be saved, which is thrown. What is urgent does not
 * wait for its turn.
 */
export async function carryOut(
  client: QueryClient,
  change: Change,
  save: () => Promise<Task | null>,
  isUrgent = false,
): Promise<void> {
  const mutation = client.getMutationCache().build(client, {
    mutationKey: keys.changes,
    mutationFn: save,
    ...(!isUrgent && { scope: { id: turnOf(change.task) } }),
  });
  const saving = mutation.execute(undefined);
  underWay.set(mutation, saving);
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
    underWay.delete(mutation);
    void settle(client);
  }
}

/** What changes of a task take their turns by, so that the last one wins; new tasks stand in one line. */
function turnOf(task: Task): string {
  return isPlaceholder(task) ? "new" : String(task.id);
}

/** Whether the user is here, or is to come back: their session may have ended by itself. */
function isHeard(userId: string): boolean {
  const session = auth().state;
  if (session.status === "signed-in") return session.user.id === userId;
  return session.status !== "signed-out" || session.reason === "expired";
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
async function settle(client: QueryClient): Promise<void> {
  if (client.isMutating({ mutationKey: keys.changes }) > 0) return;
  // So may what is being asked for the first time, which the changes have left alone.
  const isFirst = ({ state }: Query) =>
    state.data === undefined && state.fetchStatus === "fetching";
  const first = { queryKey: keys.all, predicate: isFirst };
  if (client.isFetching(first) > 0) doubtful.add(client);
  await client.cancelQueries(first);
  await client.invalidateQueries({ queryKey: doubtful.delete(client) ? keys.all : keys.counts });
}
