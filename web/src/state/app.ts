/**
 * Where is the person, and how do they like to read? The place (the address), the language and the
 * theme, as signals. The only state that the address or the browser keeps, beside the canvas.
 */
import { effect, signal } from "@preact/signals";
import type { Language } from "../model/ontology";
import { parsePlace, printPlace, type Place } from "../model/place";
import { speak } from "../net/client";

export type Theme = "auto" | "light" | "dark";

export const place = signal<Place>(parsePlace(location.hash));
export const language = signal<Language>(firstLanguage());
export const theme = signal<Theme>((kept("theme") as Theme | null) ?? "auto");

function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get("lang") ?? kept("language") ?? navigator.language;
  return asked.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** Goes to a place: a step that the browser's back button undoes. */
export function go(next: Place): void {
  place.value = next;
  history.pushState(null, "", `#${printPlace(next)}`);
}

/** Writes the place into the address without a step. */
export function stay(next: Place): void {
  place.value = next;
  history.replaceState(null, "", `#${printPlace(next)}`);
}

export const href = (to: Place): string => `#${printPlace(to)}`;

addEventListener("hashchange", () => (place.value = parsePlace(location.hash)));
addEventListener("popstate", () => (place.value = parsePlace(location.hash)));

effect(() => {
  speak(language.value);
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
  keepAs("language", language.value);
});

effect(() => {
  document.documentElement.dataset.theme = theme.value;
  keepAs("theme", theme.value);
});

/** Whether the page is dark now. */
const dark = matchMedia("(prefers-color-scheme: dark)");
export const systemDark = signal(dark.matches);
dark.addEventListener("change", () => (systemDark.value = dark.matches));
export const isDark = (): boolean => theme.value === "dark" || (theme.value === "auto" && systemDark.value);

/** What this browser keeps; nothing where it keeps nothing. */
export function kept(name: string): string | null {
  try {
    return localStorage.getItem(`guitu.${name}`);
  } catch {
    return null;
  }
}

export function keepAs(name: string, value: string): void {
  try {
    localStorage.setItem(`guitu.${name}`, value);
  } catch {
    // A browser that keeps nothing, or is full: the page works without.
  }
}
