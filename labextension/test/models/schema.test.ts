import { describe, expect, it } from 'vitest';

import {
  checkValue,
  fieldsOf,
  textFromValue,
  valueFromText
} from '../../src/models/schema';

const field = (property: object, name = 'x') =>
  fieldsOf({ properties: { [name]: property } } as never)[0]!;

const columns = [
  { name: 'label', type: 'int64' },
  { name: 'score', type: 'float64' }
];

describe('fieldsOf', () => {
  it.each([
    [{ type: 'string', format: 'column' }, 'column'],
    [{ type: 'array', items: { type: 'string', format: 'column' } }, 'columns'],
    [{ enum: ['a', 'b'] }, 'choice'],
    [{ type: 'boolean' }, 'boolean'],
    [{ type: 'integer' }, 'integer'],
    [{ type: 'number' }, 'number'],
    [{ type: 'string' }, 'text'],
    [{ type: 'object' }, 'json'],
    [{ anyOf: [{ type: 'string' }, { type: 'number' }] }, 'json'],
    [{}, 'json']
  ])('%j is a %s', (property, kind) => {
    expect(field(property).kind).toBe(kind);
  });

  it('sees through null and references', () => {
    const optional = [
      { anyOf: [{ type: 'integer' }, { type: 'null' }] },
      { type: ['integer', 'null'] }
    ];
    for (const property of optional) {
      expect(field(property)).toMatchObject({
        kind: 'integer',
        nullable: true
      });
    }
    expect(
      field({
        anyOf: [{ type: 'string' }, { type: 'null' }],
        format: 'column'
      }).kind
    ).toBe('column');
    const [referred] = fieldsOf({
      properties: { x: { $ref: '#/$defs/Mode', default: 'a' } },
      $defs: { Mode: { enum: ['a', 'b'] } }
    });
    expect(referred).toMatchObject({
      kind: 'choice',
      choices: ['a', 'b'],
      default: 'a'
    });
  });

  it('takes anything for a schema', () => {
    expect(fieldsOf({})).toEqual([]);
    expect(fieldsOf({ properties: [] })).toEqual([]);
    expect(fieldsOf({ properties: { x: 3 } })[0]?.kind).toBe('json');
  });
});

describe('checkValue', () => {
  it('names the columns there are', () => {
    const column = field({ type: 'string', format: 'column' });
    expect(checkValue(column, 'label', columns)).toBeNull();
    expect(checkValue(column, 'target', columns)).toContain('label, score');
    expect(checkValue(column, 'target', [])).toBeNull();
  });

  it('minds what is needed', () => {
    const [needed] = fieldsOf({
      required: ['x'],
      properties: { x: { type: 'string', title: 'Name' } }
    });
    expect(checkValue(needed!, undefined, [])).toBe('Name is needed.');
    expect(checkValue(field({ type: 'string' }), undefined, [])).toBeNull();
  });

  it.each([
    [{ type: 'integer' }, 1.5, false],
    [{ type: 'integer', minimum: 2 }, 1, false],
    [{ type: 'integer', maximum: 5 }, 5, true],
    [{ type: 'number' }, 'x', false],
    [{ type: 'boolean' }, 'yes', false],
    [{ enum: ['a'] }, 'b', false],
    [{ type: 'string' }, 3, false],
    [{ type: ['string', 'null'] }, null, true],
    [{ type: 'string' }, null, false]
  ])('%j: %j', (property, value, fine) => {
    expect(checkValue(field(property), value, columns) === null).toBe(fine);
  });
});

describe('text and value', () => {
  it('go back and forth', () => {
    expect(valueFromText(field({ type: 'integer' }), ' 5 ')).toBe(5);
    expect(valueFromText(field({ type: 'integer' }), 'many')).toBe('many');
    expect(valueFromText(field({ type: 'string' }), '5')).toBe('5');
    expect(valueFromText(field({}), '[1, 2]')).toEqual([1, 2]);
    expect(valueFromText(field({}), '[1,')).toBe('[1,');
    expect(valueFromText(field({ type: 'string' }), ' ')).toBeUndefined();
    expect(textFromValue([1, 2])).toBe('[1,2]');
    expect(textFromValue(undefined)).toBe('');
  });
});
