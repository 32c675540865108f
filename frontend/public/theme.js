// Before the first paint: the theme that was chosen in src/ui/theme.ts, else the system's.
try {
  const theme = localStorage.getItem("todo.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden: the system's.
}
