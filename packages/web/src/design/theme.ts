import { computed, signal } from "@preact/signals";

/** What the viewer chose; `system` follows the device. */
export type ThemeChoice = "system" | "light" | "dark";

const KEY = "playhead.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
const systemIsDark = signal(dark.matches);
const choice = signal<ThemeChoice>(stored());

export const themeChoice = computed(() => choice.value);

/** What is shown now. Charts read it, so that they are drawn again when it changes. */
export const theme = computed<"light" | "dark">(() => {
  if (choice.value !== "system") return choice.value;
  return systemIsDark.value ? "dark" : "light";
});

/** Sets `data-theme` on the document, and follows the device from here on. */
export function startTheme(): void {
  dark.addEventListener("change", () => {
    systemIsDark.value = dark.matches;
  });
  apply();
}

export function chooseTheme(next: ThemeChoice): void {
  choice.value = next;
  try {
    if (next === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // Storage may be closed to us; the choice then lasts as long as the window.
  }
  apply();
}

/** A token's value as the style sheet has it now, for what is drawn on a canvas: `token("--chart-1")` → `#c73e0a`. */
export function token(name: `--${string}`): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function apply(): void {
  const root = document.documentElement;
  if (choice.value === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = choice.value;
}

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}
