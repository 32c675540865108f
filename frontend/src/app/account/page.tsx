"use client";

import { SignedIn } from "@/auth/guards/signed-in";
import { Shell } from "@/shell/shell";

export default function Page() {
  return (
    <SignedIn waiting={<Shell user={null}>…</Shell>}>
      {(user) => <Shell user={user}>Hello {user.email}</Shell>}
    </SignedIn>
  );
}
