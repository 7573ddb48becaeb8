/**
 * Our part of a MIME bundle, read with care: it comes from a notebook that anybody may have written.
 */
import { columnValues } from './values';

export const VIZ_MIME = 'application/vnd.jupyter-viz.v1+json';
export const PLOTLY_MIME = 'application/vnd.plotly.v1+json';

const VERSION = 1;

export type ColumnType = 'number' | 'text' | 'boolean' | 'time';

/** A table as the renderer draws it, wherever its values stand. */
export interface ITable {
  columns: { name: string; type: ColumnType }[];
  /** How many rows there are to draw. */
  length: number;
  /** How many rows there were to begin with. */
  total: number;
  cell(row: number, column: number): unknown;
}

export interface IBundle {
  kind: 'figure' | 'table' | 'document';
  title: string;
  alt: string;
  note: string | null;
  table: ITable | null;
  /** What stands above it, where it is one of several. */
  caption: string | null;
}

/** Several results in one output. */
export interface IResult {
  caption: string;
  outputs: Record<string, unknown>[];
}

/** A bundle, or in a sentence why it is none. */
export type Reading = { bundle: IBundle } | { problem: string };

export function readBundle(value: unknown, plotly: unknown): Reading {
  if (!isObject(value)) {
    return { problem: 'This visualization has no readable description.' };
  }
  if (value.version !== VERSION) {
    return {
      problem: `Made by a newer jupyter_viz (format ${textOf(value.version)}): update to see all of it.`
    };
  }
  const { kind } = value;
  if (kind !== 'figure' && kind !== 'table' && kind !== 'document') {
    return { problem: 'This visualization is of a kind not known here.' };
  }
  const table =
    kind === 'figure'
      ? figureTable(value.table, plotly)
      : kind === 'table'
        ? rowsTable(value.table)
        : null;
  if (kind === 'table' && table === null) {
    return { problem: 'This table cannot be read.' };
  }
  const title = typeof value.title === 'string' ? value.title : '';
  return {
    bundle: {
      kind,
      title,
      alt: typeof value.alt === 'string' && value.alt ? value.alt : title,
      note: typeof value.note === 'string' && value.note ? value.note : null,
      table,
      caption: typeof value.caption === 'string' ? value.caption : null
    }
  };
}

/** The results of an output that holds several, null for any other. */
export function readResults(value: unknown): IResult[] | null {
  if (
    !isObject(value) ||
    value.version !== VERSION ||
    value.kind !== 'results' ||
    !Array.isArray(value.results)
  ) {
    return null;
  }
  return value.results.filter(isObject).map(result => ({
    caption: textOf(result.caption),
    outputs: (Array.isArray(result.outputs) ? result.outputs : []).flatMap(
      (output: unknown) =>
        isObject(output) && isObject(output.data) ? [output.data] : []
    )
  }));
}

/** The table behind a figure: its values stand in the plotly part, which is not repeated here. */
function figureTable(table: unknown, plotly: unknown): ITable | null {
  const columns = columnsOf(table);
  if (columns === null) {
    return null;
  }
  const values = columns.map(column => valuesAt(plotly, column.values));
  // A column that cannot be found is left out, rather than shown empty.
  const found = columns.flatMap((column, i) => {
    const list = values[i];
    return list ? [{ column, list }] : [];
  });
  if (found.length === 0) {
    return null;
  }
  const length = Math.max(...found.map(({ list }) => list.length));
  return {
    columns: found.map(({ column }) => column),
    length,
    total: totalOf(table, length),
    cell: (row, column) => {
      const one = found[column];
      const value = one?.list[row];
      return one && isDrawn(one.column.values) ? unescaped(value) : value;
    }
  };
}

/**
 * The values of a column: at a pointer, or at several one after the other. Of a pair of pointers the first finds one
 * value, which is repeated for each that the second finds.
 */
function valuesAt(root: unknown, at: unknown): ArrayLike<unknown> | null {
  if (!Array.isArray(at)) {
    return columnValues(pointer(root, at));
  }
  const values: unknown[] = [];
  for (const part of at as unknown[]) {
    const pair: unknown[] | null = Array.isArray(part) ? part : null;
    const found = columnValues(pointer(root, pair ? pair[1] : part));
    if (found === null) {
      return null;
    }
    const repeated = pair ? pointer(root, pair[0]) : null;
    for (let i = 0; i < found.length; i++) {
      values.push(pair ? repeated : found[i]);
    }
  }
  return values;
}

/** Whether values stand in what plotly draws, where its own mini-HTML is switched off by escapes. */
function isDrawn(path: unknown): boolean {
  const first: unknown = Array.isArray(path) ? path[0] : path;
  return typeof first === 'string' && first.startsWith('/data/');
}

function unescaped(value: unknown): unknown {
  return typeof value === 'string'
    ? value.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&')
    : value;
}

function rowsTable(table: unknown): ITable | null {
  const columns = columnsOf(table);
  if (columns === null || !isObject(table) || !Array.isArray(table.rows)) {
    return null;
  }
  const rows: unknown[] = table.rows;
  return {
    columns,
    length: rows.length,
    total: totalOf(table, rows.length),
    cell: (row, column) => {
      const values = rows[row];
      return Array.isArray(values) ? (values[column] as unknown) : undefined;
    }
  };
}

function columnsOf(
  table: unknown
): { name: string; type: ColumnType; values: unknown }[] | null {
  if (!isObject(table) || !Array.isArray(table.columns)) {
    return null;
  }
  const columns: unknown[] = table.columns;
  return columns.filter(isObject).map(column => ({
    name: textOf(column.name),
    type: isType(column.type) ? column.type : 'text',
    values: column.values
  }));
}

function isType(value: unknown): value is ColumnType {
  return (
    value === 'number' ||
    value === 'text' ||
    value === 'boolean' ||
    value === 'time'
  );
}

function totalOf(table: unknown, length: number): number {
  const total = isObject(table) ? table.total : null;
  return typeof total === 'number' && total >= length ? total : length;
}

/** What a JSON pointer (RFC 6901) points at. */
export function pointer(root: unknown, path: unknown): unknown {
  if (typeof path !== 'string' || (path !== '' && !path.startsWith('/'))) {
    return undefined;
  }
  return path
    .split('/')
    .slice(1)
    .map(part => part.replace(/~1/g, '/').replace(/~0/g, '~'))
    .reduce<unknown>((value, part) => {
      if (Array.isArray(value)) {
        return /^\d+$/.test(part)
          ? (value as unknown[])[Number(part)]
          : undefined;
      }
      return isObject(value) && Object.hasOwn(value, part)
        ? value[part]
        : undefined;
    }, root);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Anything as a short text, for showing. */
export function textOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? '' : JSON.stringify(value);
    default:
      return '';
  }
}
