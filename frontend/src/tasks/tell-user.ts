/** Messages about tasks are for the user whose tasks they are, who may have gone meanwhile. */
import { auth } from "@/auth";
import { toast } from "@/ui/toast";

/** Shows a message to a user, and to nobody else; the answer withdraws it. See {@link toast}. */
export function tellUser(userId: string, ...message: Parameters<typeof toast>): () => void {
  return isHere(userId) ? toast(...message) : () => {};
}

/** Whether the user is signed in. */
export function isSignedIn(userId: string): boolean {
  const session = auth().state;
  return session.status === "signed-in" && session.user.id === userId;
}

/** Whether the user is here: also while their session has ended by itself, and nobody else's has begun. */
function isHere(userId: string): boolean {
  const session = auth().state;
  return session.status === "signed-out" ? session.reason === "expired" : isSignedIn(userId);
}
