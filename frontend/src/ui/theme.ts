"use client";

import { useSyncExternalStore } from "react";

/** How light the app is: as the system says, or as chosen here. */
export type Theme = "system" | "light" | "dark";

export const THEMES: Readonly<Record<Theme, string>> = {
  system: "Like the system",
  light: "Light",
  dark: "Dark",
};

/** Read before the first paint by public/theme.js. */
const KEY = "todo.theme";
const listeners = new Set<() => void>();

function chosen(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : "system";
}

/** The theme, and how to choose another one, here and in the tabs to come. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore<Theme>(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    chosen,
    () => "system",
  );
  return [theme, choose];
}

function choose(theme: Theme) {
  const { dataset } = document.documentElement;
  if (theme === "system") delete dataset.theme;
  else dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage is forbidden: it holds until the page is left.
  }
  for (const listener of listeners) listener();
}
