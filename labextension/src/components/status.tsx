import * as React from 'react';

import type { RunStatus, VisualizationStatus } from '../api/types';

type AnyStatus = RunStatus | VisualizationStatus;

/** Each status has a shape of its own, so that colour is never all there is to see. */
const SHAPES: Record<AnyStatus, React.JSX.Element> = {
  completed: <circle cx="8" cy="8" r="4.5" fill="currentColor" />,
  running: (
    <>
      <circle cx="8" cy="8" r="4.5" fill="none" stroke="currentColor" />
      <path d="M8 3.5a4.5 4.5 0 0 1 0 9z" fill="currentColor" />
    </>
  ),
  failed: (
    <path
      d="M4.2 4.2 11.8 11.8M11.8 4.2 4.2 11.8"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
    />
  ),
  interrupted: (
    <circle
      cx="8"
      cy="8"
      r="4.5"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeDasharray="2 2"
    />
  ),
  queued: <circle cx="8" cy="8" r="4.5" fill="none" stroke="currentColor" />,
  cancelled: (
    <>
      <circle cx="8" cy="8" r="4.5" fill="none" stroke="currentColor" />
      <path d="M5 11 11 5" stroke="currentColor" />
    </>
  )
};

export function Status(props: {
  status: AnyStatus;
  /** More to say on hover, such as the last line of an error. */
  detail?: string | null;
}): React.JSX.Element {
  const { status, detail } = props;
  const text = detail ? `${status}: ${detail}` : status;
  return (
    <span
      className={`jp-viz-Status jp-viz-mod-${status}`}
      role="img"
      aria-label={text}
      title={text}
      data-viz-status={status}
    >
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        {SHAPES[status]}
      </svg>
    </span>
  );
}
