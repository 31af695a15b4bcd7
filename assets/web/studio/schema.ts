// assets/template.schema.json, for the forms and the completion that follow it.

import schemaFile from '../../template.schema.json';

export type Schema = {
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  oneOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  type?: string | string[];
  $ref?: string;
  $defs?: Record<string, Schema>;
  description?: string;
};

export const root = schemaFile as unknown as Schema;

const TEXT = '#/$defs/text';

/** What a value may be: references followed, choices spread out. */
export function variants(schema: Schema): Schema[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/$defs/', '');
    const target = root.$defs?.[name];
    return target === undefined ? [] : variants(target);
  }
  return schema.oneOf === undefined ? [schema] : schema.oneOf.flatMap(variants);
}

export type Shape =
  | { kind: 'text' | 'string' | 'boolean' | 'integer' | 'number' }
  | { kind: 'choice'; of: string[] }
  | { kind: 'set'; of: string[] } // Any of them, each once.
  | { kind: 'strings' | 'integers'; max: number }
  | { kind: 'list'; item: Schema; max: number }
  | { kind: 'object'; properties: Record<string, Schema>; required: string[] }
  | { kind: 'other' };

const LIST_MAX = 10;

const names = (schema: Schema) => (schema.enum ?? []).filter((one) => one !== null).map(String);

function listShape(schema: Schema, item: Schema): Shape {
  const max = schema.maxItems ?? LIST_MAX;
  const inner = shapeOf(item);
  if (inner.kind === 'choice') return { kind: 'set', of: inner.of };
  if (inner.kind === 'integer') return { kind: 'integers', max };
  if (inner.kind === 'text' || inner.kind === 'string') return { kind: 'strings', max };
  return { kind: 'list', item, max };
}

/** How a form asks for it. Of several forms of one thing the one with most to say: an object. */
export function shapeOf(schema: Schema): Shape {
  if (schema.$ref === TEXT) return { kind: 'text' };
  const choices = schema.oneOf?.filter((one) => one.type !== 'null') ?? [];
  if (choices.length > 0) return shapeOf(choices.find((one) => one.type === 'object') ?? choices[0] ?? {});
  const [own] = variants(schema);
  if (own === undefined) return { kind: 'other' };
  if (own.enum !== undefined) return { kind: 'choice', of: names(own) };
  if (own.properties !== undefined) return { kind: 'object', properties: own.properties, required: own.required ?? [] };
  if (own.items !== undefined) return listShape(own, own.items);
  const type = own.type;
  return type === 'string' || type === 'boolean' || type === 'integer' || type === 'number' ? { kind: type } : { kind: 'other' };
}
