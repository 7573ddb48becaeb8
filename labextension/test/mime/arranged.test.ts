import { describe, expect, it } from 'vitest';

import { arranged, nextSort } from '../../src/mime/arranged';
import type { ITable } from '../../src/mime/bundle';

const ROWS = [
  ['run-10', 0.91, null],
  ['run-9', 0.95, 'late run'],
  ['Run-1', null, 'early'],
  ['x', 0.2, 'early']
];
const table: ITable = {
  columns: [
    { name: 'name', type: 'text' },
    { name: 'AUC score', type: 'number' },
    { name: 'note', type: 'text' }
  ],
  length: ROWS.length,
  total: ROWS.length,
  cell: (row, column) => ROWS[row]?.[column]
};

describe('rows of a table', () => {
  it.each([
    ['', [0, 1, 2, 3]],
    ['run', [0, 1, 2]],
    ['name:RUN note:early', [2]],
    ['"auc score">0.9', [0, 1]],
    ['"AUC score"<=0.2', [3]],
    ['"auc score"!=0.2', [0, 1, 2]],
    ['"late run"', [1]],
    ['nothing:here', []],
    ['name=x', [3]]
  ])('are searched by %s', (query, rows) => {
    expect(arranged(table, query, null)).toEqual(rows);
  });

  it('are sorted as people count, what is missing last', () => {
    const by = (column: number, descending: boolean) =>
      arranged(table, '', { column, descending });
    expect(by(0, false)).toEqual([2, 1, 0, 3]);
    expect(by(1, false)).toEqual([3, 0, 1, 2]);
    expect(by(1, true)).toEqual([1, 0, 3, 2]);
    expect(by(2, false)).toEqual([2, 3, 1, 0]);
  });

  it('come back as they were at the third click', () => {
    const once = nextSort(null, 1);
    expect(once).toEqual({ column: 1, descending: false });
    const twice = nextSort(once, 1);
    expect(twice).toEqual({ column: 1, descending: true });
    expect(nextSort(twice, 1)).toBeNull();
    expect(nextSort(once, 0)).toEqual({ column: 0, descending: false });
  });
});
