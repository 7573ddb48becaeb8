/** Which rows of a table are shown, and in which order. */
import { type ITable, textOf } from './bundle';

export interface ISort {
  column: number;
  descending: boolean;
}

type Test = (row: number) => boolean;

const COMPARISON = /^(.*?)(>=|<=|!=|>|<|=|:)(.*)$/;

/**
 * The numbers of the rows that a query leaves, in order.
 *
 * A query has words, all of which must hold: `text` is in any cell, `column:text` in that column's,
 * `column>0.9` (also `>=`, `<`, `<=`, `=`, `!=`) compares. Names and texts with blanks stand in quotes.
 */
export function arranged(
  table: ITable,
  query: string,
  sort: ISort | null
): number[] {
  const tests = wordsOf(query).map(word => testOf(table, word));
  const rows: number[] = [];
  for (let row = 0; row < table.length; row++) {
    if (tests.every(holds => holds(row))) {
      rows.push(row);
    }
  }
  return sort === null ? rows : sorted(table, rows, sort);
}

/** A click on a header: up, down, and as it was. */
export function nextSort(sort: ISort | null, column: number): ISort | null {
  if (sort === null || sort.column !== column) {
    return { column, descending: false };
  }
  return sort.descending ? null : { column, descending: true };
}

function wordsOf(query: string): string[] {
  const found = query.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
  return found.map(word => word.replace(/"/g, ''));
}

function testOf(table: ITable, word: string): Test {
  const parts = COMPARISON.exec(word);
  const column = parts
    ? table.columns.findIndex(
        ({ name }) => name.toLowerCase() === parts[1]?.trim().toLowerCase()
      )
    : -1;
  if (parts === null || column < 0) {
    const text = word.toLowerCase();
    return row =>
      table.columns.some((_, at) =>
        textOf(table.cell(row, at)).toLowerCase().includes(text)
      );
  }
  const [, , operator = '', wanted = ''] = parts;
  if (operator === ':') {
    const text = wanted.toLowerCase();
    return row => textOf(table.cell(row, column)).toLowerCase().includes(text);
  }
  return row => compares(table.cell(row, column), operator, wanted.trim());
}

function compares(value: unknown, operator: string, wanted: string): boolean {
  if (value === null || value === undefined) {
    return operator === '!=';
  }
  const order =
    typeof value === 'number'
      ? value - Number(wanted)
      : textOf(value).localeCompare(wanted, undefined, { numeric: true });
  switch (operator) {
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '=':
      return order === 0;
    default:
      return order !== 0;
  }
}

/** What is missing comes last, whichever way. Equals stay as they were. */
function sorted(table: ITable, rows: number[], sort: ISort): number[] {
  const missing = (value: unknown) =>
    value === null || value === undefined || Number.isNaN(value);
  const direction = sort.descending ? -1 : 1;
  return rows
    .map(row => ({ row, value: table.cell(row, sort.column) }))
    .sort((a, b) => {
      if (missing(a.value) || missing(b.value)) {
        return Number(missing(a.value)) - Number(missing(b.value));
      }
      const order =
        typeof a.value === 'number' && typeof b.value === 'number'
          ? a.value - b.value
          : textOf(a.value).localeCompare(textOf(b.value), undefined, {
              numeric: true
            });
      return direction * order;
    })
    .map(({ row }) => row);
}
