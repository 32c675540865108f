"use client";

import { CircleUser, ListChecks, LogOut } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect } from "react";

import { messageOf } from "@/api/problem";
import { auth, type User } from "@/auth";
import { HOME } from "@/auth/guards/return-path";
import { saveChanges } from "@/tasks/leaving";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "@/ui/menu";
import { THEMES, useTheme } from "@/ui/theme";
import { toast } from "@/ui/toast";

const ACCOUNT = "/account";

/** Who is signed in, and where to go from here. */
export function AccountMenu({ user }: { readonly user: User }) {
  const router = useRouter();
  const [theme, setTheme] = useTheme();
  // Also who has lost the connection meanwhile gets there.
  useEffect(() => router.prefetch(ACCOUNT), [router]);
  const called = user.name ?? user.email;
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`Account of ${called}`}
          className="flex size-11 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent-strong uppercase hover:bg-sunken"
        >
          {[...called][0]}
        </button>
      }
    >
      <div className="grid max-w-64 px-3 py-2 text-sm">
        {user.name && <span className="truncate font-medium">{user.name}</span>}
        <span className="truncate text-muted">{user.email}</span>
      </div>
      <MenuSeparator />
      <MenuItem onSelect={() => router.push(HOME)}>
        <ListChecks aria-hidden /> Tasks
      </MenuItem>
      <MenuItem onSelect={() => router.push(ACCOUNT)}>
        <CircleUser aria-hidden /> Account
      </MenuItem>
      <MenuSeparator />
      <MenuChoice label="Theme" value={theme} options={THEMES} onChange={setTheme} />
      <MenuSeparator />
      <MenuItem onSelect={logOut}>
        <LogOut aria-hidden /> Log out
      </MenuItem>
    </Menu>
  );
}

async function logOut() {
  try {
    // Nobody could tell the server of them afterwards.
    await saveChanges();
    await auth().logOut();
  } catch (error) {
    toast(`You are not logged out. ${messageOf(error)}`, { look: "danger" });
  }
}
