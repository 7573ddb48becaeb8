import { describe, expect, it } from 'vitest';

import {
  age,
  ago,
  barWidth,
  bytes,
  count,
  duration,
  exactMetric,
  headline,
  metric,
  secondsBetween
} from '../../src/models/format';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const before = (seconds: number) =>
  new Date(NOW - seconds * 1000).toISOString();

describe('age', () => {
  it.each([
    [0, 'now'],
    [-60, 'now'],
    [35, '35 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [3599, '59 min'],
    [7200, '2 h'],
    [86400, '1 d'],
    [13 * 86400, '13 d'],
    [21 * 86400, '3 w'],
    [365 * 86400, '11 mo'],
    [800 * 86400, '2 y']
  ])('%s seconds: %s', (seconds, text) => {
    expect(age(before(seconds), NOW)).toBe(text);
  });

  it('says nothing of what is no time', () => {
    expect(age('soon', NOW)).toBe('');
    expect(ago('soon', NOW)).toBe('');
    expect(ago(before(1), NOW)).toBe('just now');
    expect(ago(before(60), NOW)).toBe('1 min ago');
  });
});

describe('duration', () => {
  it.each([
    [0, '0.0 s'],
    [0.0271, '27 ms'],
    [0.0996, '0.1 s'],
    [0.31, '0.3 s'],
    [9.96, '10 s'],
    [59.6, '1 min 0 s'],
    [125, '2 min 5 s'],
    [3780, '1 h 3 min']
  ])('%s: %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it('counts to now while there is no end', () => {
    expect(secondsBetween(before(3), null, NOW)).toBe(3);
    expect(secondsBetween(before(3), before(1), NOW)).toBe(2);
    expect(secondsBetween('?', null, NOW)).toBe(0);
  });
});

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [4100, '4.1 kB'],
    [999_960, '1.0 MB'],
    [5e15, '5000.0 TB']
  ])('%s: %s', (size, text) => {
    expect(bytes(size)).toBe(text);
  });

  it('counts things', () => {
    expect(count(1, 'row')).toBe('1 row');
    expect(count(50000, 'row')).toBe('50,000 rows');
  });
});

describe('metric', () => {
  it.each([
    [0.98123, 'RAW', '0.981'],
    [0.9469, 'PERCENTAGE', '94.7%'],
    [-0.5, 'RAW', '-0.500'],
    [0, 'RAW', '0.000'],
    [0.00001, 'RAW', '1.00e-5'],
    [12000, 'RAW', '12,000'],
    [1, 'RAW', '1.000'],
    [12345678, 'RAW', '1.23e+7']
  ] as const)('%s %s: %s', (value, format, text) => {
    expect(metric(value, format)).toBe(text);
  });

  it('has the exact value for hovering', () => {
    expect(exactMetric(0.98123, 'RAW')).toBe('0.98123');
    expect(exactMetric(0.9469, 'PERCENTAGE')).toContain('0.9469');
  });
});

describe('headline', () => {
  it('leaves counts whole', () => {
    expect(headline(50000)).toBe('50,000');
    expect(headline(0.98712)).toBe('0.987');
    expect(headline(NaN)).toBe('NaN');
  });
});

describe('barWidth', () => {
  const raw = (minimum: number, maximum: number) =>
    ({ format: 'RAW', minimum, maximum }) as const;

  it('is the percentage itself, within its bounds', () => {
    const column = { format: 'PERCENTAGE', minimum: 0, maximum: 2 } as const;
    expect(barWidth(0.947, column)).toBeCloseTo(94.7);
    expect(barWidth(1.5, column)).toBe(100);
    expect(barWidth(-1, column)).toBe(0);
  });

  it('places a raw value between the least and the greatest', () => {
    expect(barWidth(3, raw(1, 5))).toBe(50);
    expect(barWidth(-3, raw(-5, -1))).toBe(50);
    expect(barWidth(9, raw(1, 5))).toBe(100);
  });

  it('has no bar for a constant column or no number', () => {
    expect(barWidth(3, raw(3, 3))).toBeNull();
    expect(barWidth(NaN, raw(0, 1))).toBeNull();
    expect(barWidth(1, raw(-Infinity, 1))).toBeNull();
  });
});
