import { describe, expect, it } from 'vitest';

import { type IPoint, rowsCode } from '../../src/mime/rows';

const conditionsOf = (
  rows: unknown[],
  point: Partial<IPoint>,
  source: unknown = 'a@b/c'
) => {
  const code = rowsCode(
    { rows, provenance: { source } },
    { curveNumber: 0, pointNumber: 0, ...point }
  );
  return code === null
    ? null
    : code
        .split('\n')
        .filter(line => line.startsWith('    '))
        .map(line => line.trim());
};

describe('rowsCode', () => {
  it('gets the rows of a bin, the last of which holds both its ends', () => {
    const rows = [{ column: 'age "x"', of: 'point', edges: [0, 10, 20] }];
    expect(conditionsOf(rows, { pointNumber: 0 })).toEqual([
      'rows["age \\"x\\""] >= 0,',
      'rows["age \\"x\\""] < 10,'
    ]);
    const last = ['rows["age \\"x\\""] >= 10,', 'rows["age \\"x\\""] <= 20,'];
    expect(conditionsOf(rows, { pointNumber: 1 })).toEqual(last);
    expect(conditionsOf(rows, { pointNumber: 2 })).toEqual(last);
  });

  it('gets the rows of bins that hold their upper ends, by the middle that is drawn', () => {
    const rows = [
      {
        column: 'y',
        minus: 'z',
        of: 'x',
        edges: [0, 1, 2],
        closed: 'right',
        labels: [0.5, 1.5],
        curve: 0
      }
    ];
    expect(conditionsOf(rows, { x: 0.500001 })).toEqual([
      '(rows["y"] - rows["z"]) >= 0,',
      '(rows["y"] - rows["z"]) <= 1,'
    ]);
    expect(conditionsOf(rows, { x: 1.5 })).toEqual([
      '(rows["y"] - rows["z"]) > 1,',
      '(rows["y"] - rows["z"]) <= 2,'
    ]);
    expect(conditionsOf(rows, { x: 1.5, curveNumber: 1 })).toBeNull();
  });

  it('gets the rows of the bin that a point is of, where some have none', () => {
    const rows = [
      {
        column: 'p',
        of: 'point',
        edges: [0, 1, 2, 3],
        closed: 'right',
        bins: [0, 2]
      }
    ];
    expect(conditionsOf(rows, { pointNumber: 1 })).toEqual([
      'rows["p"] > 2,',
      'rows["p"] <= 3,'
    ]);
    expect(conditionsOf(rows, { pointNumber: 2 })).toBeNull();
  });

  it('gets the rows that have no value', () => {
    const rows = [
      {
        columns: ['a', 'b'],
        empty: ['isnull', 'isnan'],
        of: 'y',
        labels: ['a', 'b']
      }
    ];
    expect(conditionsOf(rows, { y: 'a' })).toEqual(['rows["a"].isnull(),']);
    expect(conditionsOf(rows, { y: 'b' })).toEqual([
      'rows["b"].isnull() | rows["b"].isnan(),'
    ]);
    expect(conditionsOf(rows, { y: 'c' })).toBeNull();
  });

  it('gets the rows of a cell of a matrix, by its labels', () => {
    const rows = [
      {
        column: 't',
        of: 'y',
        values: [0, 1, null],
        labels: ['0', '1', 'rest']
      },
      {
        column: 'p',
        of: 'x',
        values: [0, 1, null],
        labels: ['0', '1', 'rest'],
        cast: 'int64'
      }
    ];
    expect(conditionsOf(rows, { x: '0', y: '1' })).toEqual([
      'rows["t"] == 1,',
      'rows["p"].cast("int64") == 0,'
    ]);
    expect(conditionsOf(rows, { x: 'rest', y: '1' })).toEqual([
      'rows["t"] == 1,',
      'rows["p"].notnull(),',
      '~rows["p"].cast("int64").isin([0, 1]),'
    ]);
    expect(conditionsOf(rows, { x: 'none', y: '1' })).toBeNull();
  });

  it('gets the rows of a point, as far as the plot has its digits', () => {
    const rows = [
      { column: 'x', of: 'x', near: 6 },
      { column: 'g', of: 'curve', values: ['a', 'b'] },
      { column: 'w', of: 'all' }
    ];
    expect(conditionsOf(rows, { x: 1234.5, curveNumber: 1 })).toEqual([
      'rows["x"] >= 1234.495,',
      'rows["x"] <= 1234.505,',
      'rows["g"] == "b",',
      'rows["w"].notnull(),'
    ]);
    expect(conditionsOf([rows[0]], { x: 0 })).toEqual(['rows["x"] == 0,']);
  });

  it('names a variable by its name, and several sources not at all', () => {
    const own = (source: unknown) => ({
      rows: [{ column: 'x', of: 'all' }],
      provenance: { source }
    });
    const point = { curveNumber: 0, pointNumber: 0 };
    expect(rowsCode(own('frame'), point)).toContain(
      'open_source("frame", globals())'
    );
    expect(rowsCode(own('x.csv'), point)).toContain('open_source("x.csv")');
    expect(rowsCode(own(['a', 'b']), point)).toBeNull();
    expect(rowsCode({ rows: [] }, point)).toBeNull();
  });
});
