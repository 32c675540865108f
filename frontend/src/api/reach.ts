import { Unreachable } from "./problem";

/** How long a server may take to answer, in milliseconds: ours gives up earlier by itself. */
const PATIENCE = 20_000;

/**
 * `fetch`, which answers in time or throws {@link Unreachable}. What is asked for and not wanted any
 * more is aborted by its own signal, as usual.
 */
export async function reach(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const wanted = init?.signal ?? (input instanceof Request ? input.signal : null);
  const late = new AbortController();
  // Only until it answers: what it answers may take longer.
  const timer = setTimeout(() => late.abort(), PATIENCE);
  const signal = wanted ? AbortSignal.any([wanted, late.signal]) : late.signal;
  try {
    return await fetch(input, { ...init, signal });
  } catch (cause) {
    throw wanted?.aborted ? cause : new Unreachable(cause);
  } finally {
    clearTimeout(timer);
  }
}
