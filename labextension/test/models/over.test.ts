import { describe, expect, it } from 'vitest';

import { choicesOf, sourceOf } from '../../src/models/over';
import { rocCurve } from '../support/fake';

const artifact = { address: 'churn@calm-heron/evaluate/scores#1' };

describe('visualizing over runs', () => {
  it('puts the artifact last, after those of the other runs', () => {
    const range = choicesOf(rocCurve).find(
      choice => choice.key === 'latest~4:'
    )!;
    expect(sourceOf(artifact, range)).toEqual([
      'churn@latest~4:/evaluate/scores#1',
      artifact.address
    ]);
  });

  it('is of this run alone unless asked otherwise', () => {
    expect(sourceOf(artifact, choicesOf(rocCurve)[0])).toBe(artifact.address);
  });

  it('needs another run to compare with where two are needed', () => {
    const diff = { least_sources: 2, most_sources: 2 };
    expect(choicesOf(diff).every(choice => choice.run !== null)).toBe(true);
  });

  it('offers no more runs than the recipe shows, with an older one beside them', () => {
    const offered = (most_sources: number | null) =>
      choicesOf({ least_sources: 1, most_sources }).map(choice => choice.key);
    expect(offered(20).at(-1)).toBe('latest~18:');
    expect(offered(10)).toEqual(['alone', 'latest~4:']);
    expect(offered(null)).toEqual(offered(20));
  });
});
