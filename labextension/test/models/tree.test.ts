import { describe, expect, it } from 'vitest';

import {
  type ILoaded,
  type ITreeState,
  moveBy,
  treeRows
} from '../../src/models/tree';
import { artifact, notFound, run, runDetail, summary } from '../support/fake';

const there = <T>(value: T): ILoaded<T> => ({
  value,
  loading: false,
  error: null
});

function tree(expanded: string[], values: Partial<ITreeState> = {}) {
  return treeRows({
    runs: [run('otter'), run('lynx')],
    detail: () => there(runDetail('otter', [artifact('scores')])),
    visualizations: () => there([summary('v1'), summary('v2')]),
    isExpanded: (key, byDefault) => expanded.includes(key) || byDefault,
    ...values
  });
}

describe('treeRows', () => {
  it('lists folded runs only', () => {
    const rows = tree([]);
    expect(rows.map(row => row.key)).toEqual(['run:r-otter', 'run:r-lynx']);
    expect(rows[1]).toMatchObject({ level: 1, position: 2, siblings: 2 });
  });

  it('shows the artifacts of an unfolded run at once, if they are few', () => {
    expect(
      tree(['run:r-otter']).map(row => `${row.level} ${row.kind}`)
    ).toEqual(['1 run', '2 step', '3 artifact', '1 run']);
    const many = Array.from({ length: 13 }, (_, i) => artifact(`a${i}`));
    const rows = tree(['run:r-otter'], {
      detail: () => there(runDetail('otter', many))
    });
    expect(rows.map(row => row.kind)).toEqual(['run', 'step', 'run']);
    expect(rows[1]?.expanded).toBe(false);
  });

  it('shows visualizations under their artifact', () => {
    const rows = tree(['run:r-otter', 'artifact:a-scores']);
    expect(rows.map(row => row.key)).toContain('visualization:v2');
    expect(rows.find(row => row.key === 'visualization:v2')).toMatchObject({
      parent: 'artifact:a-scores',
      level: 4,
      expanded: null
    });
  });

  it('makes an artifact with nothing to see a leaf', () => {
    const rows = tree(['run:r-otter'], { visualizations: () => there([]) });
    expect(rows.find(row => row.kind === 'artifact')?.expanded).toBeNull();
  });

  it('has a place for what is coming, and for what did not come', () => {
    const coming = tree(['run:r-otter'], { detail: () => undefined });
    expect(coming[1]?.kind).toBe('loading');
    const failed = tree(['run:r-otter'], {
      detail: () => ({ value: null, loading: false, error: notFound })
    });
    expect(failed[1]).toMatchObject({ kind: 'error', retry: 'run:r-otter' });
  });

  it('folds the traceback of a failed step away', () => {
    const detail = runDetail('otter', []);
    detail.steps[0]!.traceback = 'Traceback …';
    const state = { detail: () => there(detail) };
    expect(tree(['run:r-otter'], state)[1]).toMatchObject({ expanded: false });
    expect(tree(['run:r-otter', 'step:s-otter-evaluate'], state)[2]?.kind).toBe(
      'traceback'
    );
  });
});

describe('moveBy', () => {
  const rows = tree(['run:r-otter']);
  const [otter, step, scores, lynx] = rows.map(row => row.key);

  it.each([
    [otter, 'ArrowDown', { focus: step }],
    [otter, 'ArrowUp', null],
    [lynx, 'ArrowDown', null],
    [lynx, 'Home', { focus: otter }],
    [otter, 'End', { focus: lynx }],
    [otter, 'ArrowRight', { focus: step }],
    [lynx, 'ArrowRight', { expand: lynx }],
    [otter, 'ArrowLeft', { collapse: otter }],
    [scores, 'ArrowLeft', { focus: step }],
    [lynx, 'ArrowLeft', null],
    [null, 'ArrowDown', { focus: otter }],
    [otter, 'x', null]
  ])('%s %s', (from, key, move) => {
    expect(moveBy(rows, from ?? null, key)).toEqual(move);
  });
});
