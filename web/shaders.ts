/** How are the shaders of sigma sent? Without their comments and indents, which no minifier sees in strings. */
import type { Plugin } from "vite";

export function shaders(): Plugin {
  return {
    name: "shaders",
    transform: (code, id) => (/node_modules\/(@sigma|sigma)\//.test(id) ? { code: bare(code), map: null } : null),
  };
}

/** Strings of several lines; a line ends with `\n` as it is written, and preprocessor lines must keep theirs. */
const bare = (code: string): string => code.replace(/"(?:[^"\\\n]|\\.)*\\n(?:[^"\\\n]|\\.)*"/g, (text) => text.replace(/[ \t]*\/\/(?:(?!\\n|"$).)*/g, "").replace(/(?:\\n[ \t]*)+/g, "\\n"));
