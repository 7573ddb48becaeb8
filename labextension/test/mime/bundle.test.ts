import { describe, expect, it } from 'vitest';

import { type IBundle, pointer, readBundle } from '../../src/mime/bundle';
import { columnValues } from '../../src/mime/values';

const plotly = {
  data: [{ x: [0, 0.5, 1], y: { dtype: 'f8', bdata: f8([0, 0.9, 1]) } }]
};

const figure = {
  version: 1,
  kind: 'figure',
  title: 'churn',
  alt: 'ROC curve, AUC 0.987',
  metrics: { auc: 0.987 },
  table: {
    columns: [
      { name: 'fpr', type: 'number', values: '/data/0/x' },
      { name: 'tpr', type: 'number', values: '/data/0/y' }
    ],
    total: 3
  },
  provenance: {},
  note: null
};

function f8(values: number[]): string {
  const bytes = new Uint8Array(new Float64Array(values).buffer);
  return btoa(String.fromCharCode(...bytes));
}

function bundleOf(value: unknown, part: unknown = plotly): IBundle {
  const reading = readBundle(value, part);
  if ('problem' in reading) {
    throw new Error(reading.problem);
  }
  return reading.bundle;
}

describe('readBundle', () => {
  it('takes a document, which has no table of its own', () => {
    const bundle = bundleOf({
      version: 1,
      kind: 'document',
      title: 'Report',
      alt: 'Page of 3 kB',
      note: 'cut'
    });
    expect([bundle.kind, bundle.alt, bundle.note, bundle.table]).toEqual([
      'document',
      'Page of 3 kB',
      'cut',
      null
    ]);
  });

  it('shows names as they are, though plotly has them escaped', () => {
    const drawn = {
      data: [{ y: ['a &lt;b&gt; &amp;amp;'] }],
      layout: { meta: { table: [['&lt;']] } }
    };
    const columns = [
      { name: 'drawn', type: 'text', values: '/data/0/y' },
      { name: 'raw', type: 'text', values: '/layout/meta/table/0' }
    ];
    const { table } = bundleOf(
      { ...figure, table: { columns, total: 1 } },
      drawn
    );
    expect(table?.cell(0, 0)).toBe('a <b> &amp;');
    expect(table?.cell(0, 1)).toBe('&lt;');
  });

  it('takes the table of a figure from the plotly part', () => {
    const { table, alt } = bundleOf(figure);
    expect(alt).toBe('ROC curve, AUC 0.987');
    expect(table?.columns.map(c => c.name)).toEqual(['fpr', 'tpr']);
    expect(table).toMatchObject({ length: 3, total: 3 });
    expect(table?.cell(1, 0)).toBe(0.5);
    expect(table?.cell(1, 1)).toBe(0.9);
  });

  it('puts what several traces draw into one table', () => {
    const drawn = {
      data: [{ x: [1, 2] }, { x: [3] }],
      layout: { meta: { groups: ['<a>', 'b'] } }
    };
    const columns = [
      {
        name: 'group',
        type: 'text',
        values: [
          ['/layout/meta/groups/0', '/data/0/x'],
          ['/layout/meta/groups/1', '/data/1/x']
        ]
      },
      { name: 'x', type: 'number', values: ['/data/0/x', '/data/1/x'] },
      { name: 'lost', type: 'number', values: ['/data/0/x', '/data/9/x'] }
    ];
    const { table } = bundleOf(
      { ...figure, table: { columns, total: 3 } },
      drawn
    );
    expect(table?.columns.map(c => c.name)).toEqual(['group', 'x']);
    const cells = [0, 1, 2].map(row => [
      table?.cell(row, 0),
      table?.cell(row, 1)
    ]);
    expect(cells).toEqual([
      ['<a>', 1],
      ['<a>', 2],
      ['b', 3]
    ]);
  });

  it('leaves out a column that cannot be found', () => {
    const columns = [
      { name: 'x', type: 'number', values: '/data/0/x' },
      { name: 'lost', type: 'number', values: '/data/9/x' }
    ];
    const { table } = bundleOf({ ...figure, table: { columns, total: 3 } });
    expect(table?.columns.map(c => c.name)).toEqual(['x']);
    expect(bundleOf(figure, null).table).toBeNull();
  });

  it('reads rows of a table', () => {
    const { table } = bundleOf({
      version: 1,
      kind: 'table',
      title: 't',
      table: {
        columns: [{ name: 'a', type: 'number' }, { name: 'b' }],
        rows: [[1, 'x'], [2], 'odd'],
        total: 50
      }
    });
    expect(table).toMatchObject({ length: 3, total: 50 });
    expect(table?.columns[1]?.type).toBe('text');
    expect(table?.cell(0, 1)).toBe('x');
    expect(table?.cell(1, 1)).toBeUndefined();
    expect(table?.cell(2, 0)).toBeUndefined();
  });

  it.each([
    null,
    'text',
    [],
    {},
    { version: 2, kind: 'figure' },
    { version: 1, kind: 'hologram' },
    { version: 1, kind: 'table' },
    { version: 1, kind: 'table', table: { columns: 3, rows: 4 } }
  ])('says in a sentence what is wrong with %j', value => {
    const reading = readBundle(value, undefined);
    expect('problem' in reading && reading.problem).toMatch(/\.$/);
  });

  it('survives anything in its places', () => {
    const { title, alt, note, table } = bundleOf({
      version: 1,
      kind: 'figure',
      title: 5,
      alt: {},
      note: [],
      table: { columns: [null, { name: {}, values: 7 }], total: 'x' }
    });
    expect({ title, alt, note, table }).toEqual({
      title: '',
      alt: '',
      note: null,
      table: null
    });
  });
});

describe('pointer', () => {
  const root = { 'a/b': { '~': [1, [2]] } };

  it.each([
    ['', root],
    ['/a~1b/~0/0', 1],
    ['/a~1b/~0/1/0', 2],
    ['/nowhere/0', undefined],
    ['/a~1b/~0/-1', undefined],
    ['/constructor', undefined],
    ['/a~1b/~0/length', undefined],
    ['data/0', undefined],
    [7, undefined]
  ])('%s', (path, value) => {
    expect(pointer(root, path)).toEqual(value);
  });
});

describe('columnValues', () => {
  it('refuses what is no column', () => {
    const bad = [
      null,
      'x',
      {},
      { dtype: 'f8', bdata: '!' },
      { dtype: 'f8', bdata: btoa('abc') },
      { dtype: 'constructor', bdata: '' }
    ];
    for (const value of bad) {
      expect(columnValues(value)).toBeNull();
    }
  });
});
