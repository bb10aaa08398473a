/**
 * Where is the person, and how do they like to read? The place (the address), the language and the
 * theme, as signals. The only state that the address or the browser keeps, beside the canvas.
 */
import { computed, effect, signal } from "@preact/signals";
import type { Language } from "../model/ontology";
import { parseLiking, parsePlace, PLAIN, printPlace, type Liking, type Look, type Place, type Theme } from "../model/place";
import { speak } from "../net/client";

export const place = signal<Place>(parsePlace(location.hash));
const liking = signal<Liking>(given(parseLiking(`?${kept("liking") ?? ""}`)));

const usual: Language = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
export const language = computed<Language>(() => liking.value.lang ?? usual);
export const theme = computed<Theme>(() => liking.value.theme ?? "auto");

/** What the address asks for, else what was liked before. */
function given(before: Liking): Liking {
  const { lang, theme } = parseLiking(location.hash);
  return { lang: lang ?? before.lang, theme: theme ?? before.theme };
}

/** The address of a place; what a person has chosen goes along. */
export const href = (to: Place): string => `#${printPlace(to, liking.value)}`;

/** The address of what is seen now, the same for everyone. */
export const shared = (): string => `#${printPlace(place.value, { ...liking.value, lang: language.value })}`;

/** Goes to a place: a step that the browser's back button undoes. */
export function go(next: Place): void {
  place.value = next;
  history.pushState(null, "", href(next));
}

/** Writes the place into the address without a step. */
export function stay(next: Place): void {
  place.value = next;
  history.replaceState(null, "", href(next));
}

export const look = computed<Look>(() => ("look" in place.value ? place.value.look : PLAIN));

/** Looks otherwise at the same. */
export function relook(change: Partial<Look>): void {
  if ("look" in place.value) stay({ ...place.value, look: { ...place.value.look, ...change } });
}

/** Reads in another language or theme from now on. */
export function like(change: Partial<Liking>): void {
  liking.value = { ...liking.value, ...change };
  stay(place.value);
}

for (const event of ["hashchange", "popstate"])
  addEventListener(event, () => {
    liking.value = given(liking.value);
    place.value = parsePlace(location.hash);
  });

effect(() => {
  speak(language.value);
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
  document.documentElement.dataset.theme = theme.value;
  keepAs("liking", printPlace({ page: "home" }, liking.value).slice(2));
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
