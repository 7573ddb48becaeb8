import * as React from 'react';

/** A sentence in which `code` stands between backticks. */
export function Prose({ text }: { text: string }): React.JSX.Element {
  return (
    <>
      {text
        .split('`')
        .map((part, i) =>
          i % 2 === 1 ? (
            <code key={i}>{part}</code>
          ) : (
            <span key={i}>{part}</span>
          )
        )}
    </>
  );
}
