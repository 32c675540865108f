"use client";

import { useEffect, useState } from "react";

import { type Score, strengthOf } from "./strength";

const WORDS: Record<Score, string> = {
  0: "very easy to guess",
  1: "easy to guess",
  2: "could be stronger",
  3: "good",
  4: "very good",
};

const COLOURS: Record<Score, string> = {
  0: "bg-danger",
  1: "bg-danger",
  2: "bg-warning",
  3: "bg-accent",
  4: "bg-accent",
};

/** How strong a new password is: four bars, and the same in words. It advises; only the rules forbid. */
export function StrengthMeter({
  password,
  known,
}: {
  readonly password: string;
  /** What an attacker knows of the user. */
  readonly known: readonly string[];
}) {
  const score = useStrength(password, known.join("\n"));
  return (
    <div className="grid gap-1.5 pt-1">
      <div aria-hidden className="grid grid-cols-4 gap-1.5">
        {([1, 2, 3, 4] as const).map((bar) => (
          <span
            key={bar}
            // Where the system chooses the colours, what is filled is told from its outline.
            className={`h-1.5 rounded-full transition-colors forced-colors:border ${
              score !== null && Math.max(score, 1) >= bar
                ? `${COLOURS[score]} forced-colors:bg-[CanvasText]`
                : "bg-line"
            }`}
          />
        ))}
      </div>
      <p aria-live="polite">
        {score === null
          ? "Several words in a row are strong and easy to remember."
          : `This password is ${WORDS[score]}.`}
      </p>
    </div>
  );
}

/** The strength as far as it is known: null for an empty password, and while it is loading. */
function useStrength(password: string, known: string): Score | null {
  const [score, setScore] = useState<Score | null>(null);
  useEffect(() => {
    let current = true;
    if (password === "") {
      setScore(null);
    } else {
      // Without the estimator, which the network may have lost, the meter stays empty.
      strengthOf(password, known.split("\n").filter(Boolean))
        .then((next) => current && setScore(next))
        .catch(() => current && setScore(null));
    }
    return () => {
      current = false;
    };
  }, [password, known]);
  return score;
}
