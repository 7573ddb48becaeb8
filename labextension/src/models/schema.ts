/** Form fields from a recipe's JSON Schema, as far as recipe signatures go. */
import type { IColumnInfo, Json, JsonObject } from '../api/types';

export type FieldKind =
  | 'column'
  | 'columns'
  | 'choice'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'text'
  /** Anything else: a small piece of JSON. */
  | 'json';

export interface IField {
  name: string;
  title: string;
  description: string;
  kind: FieldKind;
  required: boolean;
  /** Whether null is a value of its own. */
  nullable: boolean;
  default: Json | undefined;
  choices: Json[];
  minimum: number | null;
  maximum: number | null;
  /** Whose word it is, where it is another system's: only JSON has it. */
  system: string | null;
  /** Of a column: what it is often called. */
  usual: string[];
}

export function fieldsOf(schema: JsonObject): IField[] {
  const properties = asObject(schema.properties);
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(properties).map(([name, property]) =>
    fieldOf(name, asObject(property), required.includes(name), schema)
  );
}

function fieldOf(
  name: string,
  property: JsonObject,
  required: boolean,
  root: JsonObject
): IField {
  const { schema, nullable } = withoutNull(resolve(property, root), root);
  return {
    name,
    title: text(property.title) ?? text(schema.title) ?? name,
    description: text(property.description) ?? text(schema.description) ?? '',
    kind: kindOf(schema, property, root),
    required,
    nullable,
    default: property.default ?? schema.default,
    choices: Array.isArray(schema.enum)
      ? schema.enum.filter(choice => choice !== null)
      : [],
    minimum: typeof schema.minimum === 'number' ? schema.minimum : null,
    maximum: typeof schema.maximum === 'number' ? schema.maximum : null,
    system: text(property.system) ?? null,
    usual: Array.isArray(property.examples) ? property.examples.map(String) : []
  };
}

function kindOf(
  schema: JsonObject,
  property: JsonObject,
  root: JsonObject
): FieldKind {
  // The format may stand beside `anyOf` or inside it.
  if (schema.format === 'column' || property.format === 'column') {
    return schema.type === 'array' ? 'columns' : 'column';
  }
  if (Array.isArray(schema.enum)) {
    return 'choice';
  }
  switch (schema.type) {
    case 'array': {
      const items = resolve(asObject(schema.items), root);
      return items.format === 'column' ? 'columns' : 'json';
    }
    case 'boolean':
    case 'integer':
    case 'number':
      return schema.type;
    case 'string':
      return 'text';
    default:
      return 'json';
  }
}

/** `X or null` as X, in each of the ways JSON Schema has for it. */
function withoutNull(
  schema: JsonObject,
  root: JsonObject
): { schema: JsonObject; nullable: boolean } {
  const union = Array.isArray(schema.anyOf)
    ? schema.anyOf
    : Array.isArray(schema.oneOf)
      ? schema.oneOf
      : null;
  if (union !== null) {
    const options = union.map(option => resolve(asObject(option), root));
    const rest = options.filter(option => option.type !== 'null');
    const only = rest[0];
    return {
      schema: rest.length === 1 && only ? only : {},
      nullable: rest.length < options.length
    };
  }
  if (Array.isArray(schema.type)) {
    const rest = schema.type.filter(type => type !== 'null');
    const type = rest.length === 1 ? rest[0] : undefined;
    return {
      schema: { ...schema, type },
      nullable: rest.length < schema.type.length
    };
  }
  return { schema, nullable: false };
}

/** Follow `#/$defs/…`; a reference to anywhere else is not followed. */
function resolve(schema: JsonObject, root: JsonObject): JsonObject {
  const reference = text(schema.$ref);
  const name = reference?.match(/^#\/\$defs\/([^/]+)$/)?.[1];
  if (name === undefined) {
    return schema;
  }
  return {
    ...asObject(asObject(root.$defs)[name]),
    ...schema,
    $ref: undefined
  };
}

function asObject(value: Json | undefined): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? value
    : {};
}

function text(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** What is wrong with a value, in words for the person who gave it; null when nothing is. */
export function checkValue(
  field: IField,
  value: Json | undefined,
  columns: readonly IColumnInfo[]
): string | null {
  if (value === undefined) {
    return field.required
      ? `${field.title} is needed.`
      : checkDefault(field, columns);
  }
  if (value === null) {
    return field.nullable ? null : `${field.title} is needed.`;
  }
  switch (field.kind) {
    case 'column':
      return typeof value === 'string'
        ? missingColumns([value], columns)
        : `${field.title} is the name of a column.`;
    case 'columns':
      return Array.isArray(value) && value.every(v => typeof v === 'string')
        ? missingColumns(value, columns)
        : `${field.title} is a list of column names.`;
    case 'choice':
      return field.choices.includes(value)
        ? null
        : `${field.title} is one of ${field.choices.map(textFromValue).join(', ')}.`;
    case 'boolean':
      return typeof value === 'boolean'
        ? null
        : `${field.title} is true or false.`;
    case 'integer':
      return Number.isInteger(value)
        ? outside(field, value as number)
        : `${field.title} is a whole number.`;
    case 'number':
      return typeof value === 'number'
        ? outside(field, value)
        : `${field.title} is a number.`;
    case 'text':
      return typeof value === 'string' ? null : `${field.title} is a text.`;
    case 'json':
      return null;
  }
}

/** A default names a column that most sources have; this one may not. */
function checkDefault(
  field: IField,
  columns: readonly IColumnInfo[]
): string | null {
  return field.kind === 'column' &&
    typeof field.default === 'string' &&
    missingColumns([field.default], columns) !== null
    ? `${field.title} is needed: there is no column ${field.default}.`
    : null;
}

function missingColumns(
  names: string[],
  columns: readonly IColumnInfo[]
): string | null {
  if (columns.length === 0) {
    return null;
  }
  const known = columns.map(column => column.name);
  const missing = names.filter(name => !known.includes(name));
  return missing.length === 0
    ? null
    : `There is no column ${missing.join(', ')}. There are: ${known.join(', ')}.`;
}

function outside(field: IField, value: number): string | null {
  if (field.minimum !== null && value < field.minimum) {
    return `${field.title} is at least ${field.minimum}.`;
  }
  if (field.maximum !== null && value > field.maximum) {
    return `${field.title} is at most ${field.maximum}.`;
  }
  return null;
}

/** What was typed, as a value of the field's kind; undefined: left to the default. */
export function valueFromText(field: IField, typed: string): Json | undefined {
  if (typed.trim() === '') {
    return undefined;
  }
  switch (field.kind) {
    case 'integer':
    case 'number': {
      const number = Number(typed);
      // Kept as typed where it is no number, so that the check can say so.
      return Number.isFinite(number) ? number : typed;
    }
    case 'json':
      try {
        return JSON.parse(typed) as Json;
      } catch {
        return typed;
      }
    default:
      return typed;
  }
}

/** A value as it stands in a text field. */
export function textFromValue(value: Json | undefined): string {
  if (value === undefined || value === null) {
    return '';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Arguments that were typed as JSON. Throws an error that says what is wrong with them. */
export function argumentsFromJson(
  typed: string,
  fields: readonly IField[],
  takesMore: boolean
): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(typed) as Json;
  } catch (reason) {
    throw new Error(`Not JSON: ${(reason as Error).message}`);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new Error('The arguments are a JSON object, {"name": value}.');
  }
  const known = fields.map(field => field.name);
  const unknown = Object.keys(value).find(name => !known.includes(name));
  if (unknown !== undefined && !takesMore) {
    throw new Error(
      `There is no argument ${unknown}. There are: ${known.join(', ')}.`
    );
  }
  return value;
}

/** The values, with needed columns filled in where there is just one that is called as such columns are. */
export function suggested(
  fields: readonly IField[],
  columns: readonly IColumnInfo[],
  values: JsonObject
): JsonObject {
  const names = columns.map(column => column.name);
  const chosen: JsonObject = {};
  for (const { kind, name, required, usual, ...field } of fields) {
    const standard = typeof field.default === 'string' ? field.default : null;
    if (kind !== 'column' || !(required || standard !== null)) {
      continue;
    }
    const called = names.filter(each =>
      [name, ...usual].includes(each.toLowerCase())
    );
    const found = names.includes(name) ? [name] : called;
    if (found.length === 1 && !names.includes(standard ?? '')) {
      chosen[name] = found[0];
    }
  }
  const given = Object.entries(values).filter(([, each]) => each !== undefined);
  return { ...chosen, ...Object.fromEntries(given) };
}
