"use client";

import { keep } from "./storage";
import { store } from "./store";

/** How light the app is: as the system says, or as chosen here. */
export type Theme = "system" | "light" | "dark";

export const THEMES: Readonly<Record<Theme, string>> = {
  system: "Like the system",
  light: "Light",
  dark: "Dark",
};

/** Read before the first paint by public/theme.js. */
const KEY = "todo.theme";
const current = store<Theme>("system", chosen);

function chosen(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : "system";
}

/** The theme, and how to choose another one, here and in the tabs to come. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  return [current.useValue(), choose];
}

function choose(theme: Theme) {
  const { dataset } = document.documentElement;
  if (theme === "system") delete dataset.theme;
  else dataset.theme = theme;
  keep(KEY, theme === "system" ? null : theme);
  current.set(theme);
}
