import { describe, expect, it } from 'vitest';

import { choicesOf, sourceOf } from '../../src/models/over';

const artifact = { address: 'churn@calm-heron/evaluate/scores#1' };

describe('visualizing over runs', () => {
  it('puts the artifact last, after those of the other runs', () => {
    const range = choicesOf(1).find(choice => choice.key === 'latest~4:')!;
    expect(sourceOf(artifact, range)).toEqual([
      'churn@latest~4:/evaluate/scores#1',
      artifact.address
    ]);
  });

  it('is of this run alone unless asked otherwise', () => {
    expect(sourceOf(artifact, choicesOf(1)[0])).toBe(artifact.address);
  });

  it('needs another run to compare with where two are needed', () => {
    expect(choicesOf(2).every(choice => choice.run !== null)).toBe(true);
  });
});
