/** The code that gets the rows behind a point of a plot, from what the bundle says of it. */
import { isObject } from './bundle';

/** A point as plotly tells of it when it is clicked. */
export interface IPoint {
  curveNumber: number;
  pointNumber: number | [number, number];
  x?: unknown;
  y?: unknown;
}

/** Python for a cell; null where the rows of the point can't be told. */
export function rowsCode(own: unknown, point: IPoint): string | null {
  if (!isObject(own) || !Array.isArray(own.rows) || own.rows.length === 0) {
    return null;
  }
  const source = isObject(own.provenance) ? own.provenance.source : null;
  if (typeof source !== 'string') {
    return null; // of several, nobody knows which
  }
  const conditions: string[] = [];
  for (const condition of own.rows as unknown[]) {
    const code = isObject(condition) ? codeOf(condition, point) : null;
    if (code === null) {
      return null;
    }
    conditions.push(...code);
  }
  // A name may be a variable's.
  const names = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(source) ? ', globals()' : '';
  return [
    'from jupyter_viz.client import open_source',
    '',
    `rows = open_source(${python(source)}${names}).table()`,
    'rows.filter(',
    ...conditions.map(each => `    ${each},`),
    ').to_pandas()'
  ].join('\n');
}

function codeOf(
  condition: Record<string, unknown>,
  point: IPoint
): string[] | null {
  if (condition.curve !== undefined && condition.curve !== point.curveNumber) {
    return null;
  }
  if (Array.isArray(condition.columns) && Array.isArray(condition.empty)) {
    return noValue(
      condition.columns,
      condition.empty,
      placeOf(condition, point)
    );
  }
  if (typeof condition.column !== 'string') {
    return null;
  }
  const own = `rows[${python(condition.column)}]`;
  const column =
    typeof condition.minus === 'string'
      ? `(${own} - rows[${python(condition.minus)}])`
      : own;
  if (condition.of === 'all') {
    return [`${column}.notnull()`];
  }
  if (Array.isArray(condition.edges)) {
    const ends = condition.closed === 'right' ? 'right' : 'left';
    return inBin(column, condition.edges, placeOf(condition, point), ends);
  }
  if (Array.isArray(condition.values)) {
    return oneOf(column, condition, condition.values, point);
  }
  const value = condition.of === 'x' ? point.x : point.y;
  return condition.near === undefined
    ? null
    : near(column, condition.near, value);
}

/** The number of a condition's value. */
function placeOf(condition: Record<string, unknown>, point: IPoint): number {
  const { of, labels } = condition;
  const { pointNumber } = point;
  if (of === 'curve') {
    return point.curveNumber;
  }
  if ((of === 'x' || of === 'y') && Array.isArray(labels)) {
    const value = point[of];
    return typeof value === 'number'
      ? nearest(labels, value)
      : labels.indexOf(value);
  }
  if (Array.isArray(pointNumber)) {
    return of === 'row'
      ? pointNumber[0]
      : of === 'column'
        ? pointNumber[1]
        : -1;
  }
  if (of !== 'point') {
    return -1;
  }
  const { bins } = condition;
  const place: unknown = Array.isArray(bins) ? bins[pointNumber] : pointNumber;
  return typeof place === 'number' ? place : -1;
}

/** The place of the label that is next to a number, as which a plot draws it with fewer digits; -1 where none is near. */
function nearest(labels: unknown[], value: number): number {
  const away = labels.map(label =>
    typeof label === 'number' ? Math.abs(label - value) : Infinity
  );
  const least = Math.min(...away);
  return Number.isFinite(least) ? away.indexOf(least) : -1;
}

function noValue(
  columns: unknown[],
  checks: unknown[],
  place: number
): string[] | null {
  const name = columns[place];
  if (typeof name !== 'string') {
    return null;
  }
  const column = `rows[${python(name)}]`;
  return [
    checks[place] === 'isnan'
      ? `${column}.isnull() | ${column}.isnan()`
      : `${column}.isnull()`
  ];
}

function inBin(
  column: string,
  edges: unknown[],
  place: number,
  closed: 'left' | 'right'
): string[] | null {
  // An outline ends with a point that is no bin of its own.
  const at = Math.min(place, edges.length - 2);
  if (at < 0) {
    return null;
  }
  // The last bin holds both its ends; where each holds its upper one, the first.
  const whole = at === (closed === 'left' ? edges.length - 2 : 0);
  const lower = whole || closed === 'left' ? '>=' : '>';
  const upper = whole || closed === 'right' ? '<=' : '<';
  return [
    `${column} ${lower} ${python(edges[at])}`,
    `${column} ${upper} ${python(edges[at + 1])}`
  ];
}

function oneOf(
  plain: string,
  condition: Record<string, unknown>,
  values: unknown[],
  point: IPoint
): string[] | null {
  const place = placeOf(condition, point);
  if (place < 0 || place >= values.length) {
    return null;
  }
  const column =
    typeof condition.cast === 'string'
      ? `${plain}.cast(${python(condition.cast)})`
      : plain;
  const value = values[place];
  if (value !== null) {
    return [`${column} == ${python(value)}`];
  }
  const named = values.filter(each => each !== null).map(python);
  return [
    `${plain}.notnull()`,
    ...(named.length > 0 ? [`~${column}.isin([${named.join(', ')}])`] : [])
  ];
}

function near(column: string, how: unknown, value: unknown): string[] | null {
  if (how === 'day' && typeof value === 'string') {
    return [`${column} == ${python(value.slice(0, 10))}`];
  }
  if (how === 'ms' && typeof value === 'string') {
    return [`${column}.truncate("ms") == ${python(value)}`];
  }
  if (typeof how !== 'number' || typeof value !== 'number') {
    return null;
  }
  if (value === 0) {
    return [`${column} == 0`];
  }
  // All that is drawn at this place: the plot has so many digits of it.
  const half = 0.5 * 10 ** (Math.floor(Math.log10(Math.abs(value))) + 1 - how);
  return [
    `${column} >= ${python(value - half)}`,
    `${column} <= ${python(value + half)}`
  ];
}

/** A value as Python writes it. JSON's texts are Python's. */
function python(value: unknown): string {
  return value === true
    ? 'True'
    : value === false
      ? 'False'
      : JSON.stringify(value);
}
