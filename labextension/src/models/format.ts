/** How numbers and times are written, everywhere the same. */
import type { IMetricColumn, MetricFormat } from '../api/types';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** An age in one short word: `now`, `35 s`, `5 min`, `2 h`, `3 d`, `3 w`, `5 mo`, `2 y`. */
export function age(time: string, now: number): string {
  const then = Date.parse(time);
  if (Number.isNaN(then)) {
    return '';
  }
  // A clock that runs ahead of ours gives no negative ages.
  const seconds = Math.max(0, (now - then) / 1000);
  if (seconds < 5) {
    return 'now';
  }
  if (seconds < MINUTE) {
    return `${Math.floor(seconds)} s`;
  }
  if (seconds < HOUR) {
    return `${Math.floor(seconds / MINUTE)} min`;
  }
  if (seconds < DAY) {
    return `${Math.floor(seconds / HOUR)} h`;
  }
  if (seconds < 14 * DAY) {
    return `${Math.floor(seconds / DAY)} d`;
  }
  if (seconds < 60 * DAY) {
    return `${Math.floor(seconds / (7 * DAY))} w`;
  }
  if (seconds < 730 * DAY) {
    return `${Math.floor(seconds / (30.44 * DAY))} mo`;
  }
  return `${Math.floor(seconds / (365 * DAY))} y`;
}

/** The age in a sentence. */
export function ago(time: string, now: number): string {
  const short = age(time, now);
  return short === 'now' ? 'just now' : short ? `${short} ago` : '';
}

/** The exact time, for hovering. */
export function exactTime(time: string): string {
  const then = new Date(time);
  if (Number.isNaN(then.getTime())) {
    return time;
  }
  return then.toLocaleString(undefined, {
    dateStyle: 'medium',
    timeStyle: 'medium'
  });
}

/** How long something took: `27 ms`, `0.3 s`, `12 s`, `2 min 5 s`, `1 h 3 min`. */
export function duration(seconds: number): string {
  const s = Math.max(0, seconds);
  if (s > 0 && s < 0.0995) {
    return `${Math.max(1, Math.round(s * 1000))} ms`;
  }
  if (s < 9.95) {
    return `${s.toFixed(1)} s`;
  }
  const whole = Math.round(s);
  if (whole < MINUTE) {
    return `${whole} s`;
  }
  if (whole < HOUR) {
    return `${Math.floor(whole / MINUTE)} min ${whole % MINUTE} s`;
  }
  return `${Math.floor(whole / HOUR)} h ${Math.floor((whole % HOUR) / MINUTE)} min`;
}

/** Seconds between two times; to now, where the second is missing. */
export function secondsBetween(
  start: string,
  end: string | null,
  now: number
): number {
  const to = end === null ? now : Date.parse(end);
  const seconds = (to - Date.parse(start)) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}

/** Bytes with decimal units, as file browsers show them. */
export function bytes(size: number): string {
  if (size < 1000) {
    return `${size} B`;
  }
  let value = size;
  for (const unit of ['kB', 'MB', 'GB', 'TB']) {
    value /= 1000;
    // 999.95 would round up to 1000.0 of this unit.
    if (value < 999.95 || unit === 'TB') {
      return `${value.toFixed(1)} ${unit}`;
    }
  }
  return `${size} B`;
}

export function count(
  n: number,
  singular: string,
  plural = `${singular}s`
): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? singular : plural}`;
}

/** A metric as text: three decimals, or a percentage with one; counts whole. */
export function metric(value: number, format: MetricFormat): string {
  if (!Number.isFinite(value)) {
    return String(value);
  }
  if (format === 'PERCENTAGE') {
    return `${(value * 100).toFixed(1)}%`;
  }
  const size = Math.abs(value);
  if (Number.isInteger(value) && size > 1 && size < 1e7) {
    return value.toLocaleString('en-US');
  }
  // Three decimals say nothing about a learning rate, and too much about a count of tokens.
  if (size >= 1e7 || (size > 0 && size < 0.0005)) {
    return value.toExponential(2);
  }
  return value.toFixed(3);
}

/** A headline number of a result: a count as it is, a measure with three decimals. */
export function headline(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15
    ? value.toLocaleString('en-US')
    : metric(value, 'RAW');
}

/** The value as it was recorded, for hovering. */
export function exactMetric(value: number, format: MetricFormat): string {
  return format === 'PERCENTAGE' ? `${value} (as a share of 1)` : String(value);
}

/**
 * The width of the bar behind a metric, in per cent; null where a bar would say nothing.
 *
 * A constant column has no scale to place a value on.
 */
export function barWidth(
  value: number,
  column: Pick<IMetricColumn, 'format' | 'minimum' | 'maximum'>
): number | null {
  if (!Number.isFinite(value)) {
    return null;
  }
  const clamp = (share: number) => Math.min(100, Math.max(0, share * 100));
  if (column.format === 'PERCENTAGE') {
    return clamp(value);
  }
  const range = column.maximum - column.minimum;
  if (!Number.isFinite(range) || range <= 0) {
    return null;
  }
  return clamp((value - column.minimum) / range);
}

/** A source as people read it: of several one after the other. */
export function sourceText(
  source: string | string[] | null | undefined
): string {
  return Array.isArray(source) ? source.join(', ') : (source ?? '');
}
