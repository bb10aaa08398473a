/** How does a page come that is big and not needed at once? Its code is read when it is first shown. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Failed, Loading } from "./parts";

/** A component whose module is read on first use. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let ready: ComponentType<P> | null = null;
  return function Later(props: P) {
    const [state, set] = useState<{ view: ComponentType<P> | null; error: string | null }>({ view: ready, error: null });
    useEffect(() => {
      if (ready) return;
      load().then(
        (view) => set({ view: (ready = view), error: null }),
        (error: Error) => set({ view: null, error: error.message }),
      );
    }, []);
    if (state.error) return <Failed message={state.error} />;
    const View = state.view;
    return View ? <View {...props} /> : <Loading />;
  };
}
