/** What did the server answer to this query? A hook that asks when the query or language changes. */
import { useEffect, useState } from "preact/hooks";
import { ask } from "../net/client";
import type { Asked as Question } from "../query/text";
import { language } from "./app";

export interface Asked<T> {
  data: T | null;
  error: string | null;
  loading: boolean;
}

/** Null asks nothing. An old answer stays until the new one is there. */
export function useAnswer<T, V extends object = object>(query: Question<T, V> | null, variables: V): Asked<T> {
  const [asked, set] = useState<Asked<T>>({ data: null, error: null, loading: query !== null });
  const tongue = language.value;
  useEffect(() => {
    if (query === null) return set({ data: null, error: null, loading: false });
    const control = new AbortController();
    set((last) => ({ ...last, error: null, loading: true }));
    ask(query, variables, control.signal)
      .then((data) => set({ data, error: null, loading: false }))
      .catch((error: Error) => control.signal.aborted || set({ data: null, error: error.message, loading: false }));
    return () => control.abort();
  }, [query, tongue, JSON.stringify(variables)]);
  return asked;
}
