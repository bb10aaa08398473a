/** Which things belong together? Pure. */

/** Things by a key, in the order of their first. */
export function groupBy<T, K>(all: Iterable<T>, key: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const group = groups.get(key(one));
    if (group) group.push(one);
    else groups.set(key(one), [one]);
  }
  return groups;
}

/** How many things have each key. */
export function countsOf<T, K>(all: Iterable<T>, key: (one: T) => K): Map<K, number> {
  const counts = new Map<K, number>();
  for (const one of all) counts.set(key(one), (counts.get(key(one)) ?? 0) + 1);
  return counts;
}

/** The same answer for the same question, found once: there are many nodes and few types. */
export function once<K, T>(find: (key: K) => T): (key: K) => T {
  const found = new Map<K, T>();
  return (key) => {
    if (!found.has(key)) found.set(key, find(key));
    return found.get(key) as T;
  };
}
