/** Sees to it that no change is lost when the user goes, or the page. */
import { commitDeletions } from "./deletions";
import { changesOver, isAnyUnsent } from "./saving";

/** How long a user who logs out waits for what is being saved, in milliseconds. */
const PATIENCE = 5_000;

/** Saves what can still be saved in the name of the user. */
export async function saveChanges(): Promise<void> {
  const over = commitDeletions().then(changesOver);
  const outOfPatience = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  await Promise.race([over, outOfPatience]);
}

if (typeof window !== "undefined") {
  // What has been sent arrives; what waits for its turn would not.
  window.addEventListener("beforeunload", (event) => {
    if (isAnyUnsent()) event.preventDefault();
  });
  window.addEventListener("pagehide", () => void commitDeletions(true));
}
