import * as React from 'react';

import { age, ago, duration, exactTime } from '../models/format';
import { secondsBetween } from '../models/format';
import { useNow } from './hooks';

const MINUTE = 60_000;

/** How old something is, with the exact time on hover. */
export function Age(props: {
  time: string;
  long?: boolean;
  className?: string;
}): React.JSX.Element {
  const now = useNow(MINUTE / 2);
  return (
    <time
      className={props.className}
      dateTime={props.time}
      title={exactTime(props.time)}
    >
      {props.long ? ago(props.time, now) : age(props.time, now)}
    </time>
  );
}

/** How long something took, or has been taking. */
export function Duration(props: {
  start: string;
  end: string | null;
  running: boolean;
}): React.JSX.Element {
  const now = useNow(props.running ? 1000 : null);
  // What ended without a word of when has no duration to show.
  if (props.end === null && !props.running) {
    return <></>;
  }
  const seconds = secondsBetween(props.start, props.end, now);
  return (
    <span className="jp-viz-number">
      {props.running ? `${Math.floor(seconds)} s…` : duration(seconds)}
    </span>
  );
}
