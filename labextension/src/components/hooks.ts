import * as React from 'react';

import type { Model } from '../models/model';

/** Draw again whenever the model says that it changed. */
export function useModel(model: Model): void {
  const [, redraw] = React.useReducer((n: number) => n + 1, 0);
  React.useEffect(() => {
    model.stateChanged.connect(redraw);
    return () => {
      model.stateChanged.disconnect(redraw);
    };
  }, [model]);
}

/** The time, again every so often. */
export function useNow(interval: number | null): number {
  const [now, setNow] = React.useState(Date.now());
  React.useEffect(() => {
    if (interval === null) {
      return;
    }
    const timer = window.setInterval(() => setNow(Date.now()), interval);
    return () => window.clearInterval(timer);
  }, [interval]);
  // A redraw for another reason must not show an older time than needed.
  return Math.max(now, Date.now());
}
