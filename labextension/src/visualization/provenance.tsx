import * as React from 'react';

import type { IVisualization } from '../api/types';
import { duration, sourceText } from '../models/format';
import { textFromValue } from '../models/schema';

/** Where it came from: one line, the rest on request. */
export function Provenance({
  value
}: {
  value: IVisualization;
}): React.JSX.Element {
  const facts: [string, string][] = [];
  const add = (name: string, fact: unknown) => {
    if (fact !== null && fact !== undefined && fact !== '') {
      facts.push([
        name,
        typeof fact === 'string' ? fact : JSON.stringify(fact)
      ]);
    }
  };
  add('source', sourceText(value.source));
  add('recipe', value.recipe);
  for (const [name, argument] of Object.entries(value.arguments)) {
    add(name, argument);
  }
  const known = facts.map(([name]) => name);
  for (const [name, fact] of Object.entries(value.provenance)) {
    if (!known.includes(name) && name !== 'arguments') {
      add(name, fact);
    }
  }
  const given = Object.entries(value.arguments)
    .filter(([, argument]) => argument !== null)
    .map(([name, argument]) => `${name}=${textFromValue(argument)}`)
    .join(', ');
  const line = [
    value.origin === 'materializer' ? 'Saved by its step' : value.recipe,
    given,
    value.seconds === null ? '' : duration(value.seconds)
  ];
  return (
    <details className="jp-viz-Provenance">
      <summary>{line.filter(Boolean).join(' · ')}</summary>
      <dl>
        {facts.map(([name, fact]) => (
          <React.Fragment key={name}>
            <dt>{name}</dt>
            <dd>{fact}</dd>
          </React.Fragment>
        ))}
      </dl>
    </details>
  );
}
