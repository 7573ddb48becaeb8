/** What stands where there is nothing to show yet, or no more. */
import * as React from 'react';

import type { ApiError } from '../api/errors';
import type { IProblem } from '../models/status';
import { CopyButton } from './copy';

/** Grey bars in the place of what is coming; CSS keeps them invisible for the first 200 ms. */
export function Skeleton(props: { lines: number }): React.JSX.Element {
  return (
    <div className="jp-viz-Skeleton" role="status" aria-label="Loading">
      {Array.from({ length: props.lines }, (_, line) => (
        <div key={line} className="jp-viz-Skeleton-line" />
      ))}
    </div>
  );
}

/** A line or more of code with a copy button. */
export function CodeBlock(props: {
  code: string;
  label: string;
}): React.JSX.Element {
  return (
    <div className="jp-viz-CodeBlock">
      <pre>{props.code}</pre>
      <CopyButton text={props.code} label={props.label} />
    </div>
  );
}

/** A problem that fills a surface: a sentence, its code, the way out. */
export function ProblemPage(props: {
  problem: IProblem;
  onRetry: () => void;
}): React.JSX.Element {
  const { problem, onRetry } = props;
  return (
    <div className="jp-viz-Page" role="alert" data-viz-problem={problem.kind}>
      <h3>{problem.title}</h3>
      <p>{problem.message}</p>
      <WayOut problem={problem} />
      <button
        type="button"
        className="jp-mod-styled jp-mod-accept"
        onClick={onRetry}
      >
        Retry
      </button>
      <p className="jp-viz-code">{problem.code}</p>
    </div>
  );
}

/** A problem above what still works. */
export function ProblemBanner(props: {
  problem: IProblem;
  onRetry: () => void;
}): React.JSX.Element {
  const { problem, onRetry } = props;
  return (
    <div className="jp-viz-Banner" role="alert" data-viz-problem={problem.kind}>
      <div>
        <b>{problem.title}.</b> {problem.message}{' '}
        {problem.kind === 'offline' ? 'What is listed may be old. ' : ''}
        <button type="button" className="jp-viz-LinkButton" onClick={onRetry}>
          Retry
        </button>
      </div>
      <WayOut problem={problem} />
    </div>
  );
}

function WayOut({ problem }: { problem: IProblem }): React.JSX.Element | null {
  return problem.command === null ? null : (
    <>
      <CodeBlock code={problem.command} label="Copy the command" />
      {problem.hint && <p>… {problem.hint}</p>}
    </>
  );
}

/** An error in the place of the thing it is about. */
export function ErrorLine(props: {
  error: ApiError;
  onRetry?: () => void;
}): React.JSX.Element {
  return (
    <div className="jp-viz-ErrorLine" role="alert">
      {props.error.message}{' '}
      <span className="jp-viz-code">{props.error.code}</span>{' '}
      {props.onRetry && (
        <button
          type="button"
          className="jp-viz-LinkButton"
          onClick={event => {
            event.stopPropagation();
            props.onRetry?.();
          }}
        >
          Retry
        </button>
      )}
    </div>
  );
}
