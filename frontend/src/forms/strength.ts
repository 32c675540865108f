/** How hard a password is to guess, by zxcvbn. It is large, so it comes when it is needed. */
import type { ZxcvbnFactory } from "@zxcvbn-ts/core";

/** From 0, guessed at once, to 4. */
export type Score = 0 | 1 | 2 | 3 | 4;

let estimator: Promise<ZxcvbnFactory> | undefined;

/** The strength of a password; words that an attacker would try first, such as the email, weaken it. */
export async function strengthOf(password: string, known: readonly string[]): Promise<Score> {
  estimator ??= load();
  const { score } = (await estimator).check(password, [...known]);
  return score as Score;
}

async function load(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
  ]);
  return new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
}
