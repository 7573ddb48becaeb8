import { describe, expect, it } from 'vitest';

import type { ITable } from '../../src/mime/bundle';
import { caption, cellText, rowsDrawn } from '../../src/mime/table';

const table = (columns: number, length: number): ITable => ({
  columns: Array.from({ length: columns }, (_, i) => ({
    name: `c${i}`,
    type: 'number'
  })),
  length,
  total: length,
  cell: () => 0
});

describe('a table', () => {
  it('says how much of it is shown', () => {
    const of = (length: number, total = length) => ({ length, total });
    expect(caption(114, 114, of(114))).toBe('114 rows');
    expect(caption(1, 1, of(1))).toBe('1 row');
    expect(caption(1000, 2000, of(2000, 50000))).toBe(
      'first 1,000 of 50,000 rows'
    );
    expect(caption(3, 3, of(114))).toBe('3 of 114 rows match');
    expect(caption(1000, 1500, of(2000, 50000))).toBe(
      '1,500 of 2,000 rows match, the first 1,000 shown; there are 50,000 in all'
    );
  });

  it('is cut before it crawls', () => {
    expect(rowsDrawn(table(2, 114))).toBe(114);
    expect(rowsDrawn(table(2, 5000))).toBe(1000);
    expect(rowsDrawn(table(500, 1000))).toBe(100);
    expect(rowsDrawn(table(90_000, 3))).toBe(1);
    expect(rowsDrawn(table(0, 0))).toBe(0);
  });

  it.each([
    [0.123456789, '0.123457'],
    [1234567, '1234567'],
    [0.00000214133, '2.14133e-6'],
    [0.00012, '0.00012'],
    [null, ''],
    [true, 'true'],
    ['<b>', '<b>'],
    [{ a: 1 }, '{"a":1}'],
    [NaN, 'NaN']
  ])('shows %j as %s', (value, text) => {
    expect(cellText(value)).toBe(text);
  });
});
