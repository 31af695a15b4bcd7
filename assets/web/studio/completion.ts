// What may stand at a place of template.json, by its schema (assets/template.schema.json).

import { type Schema, root, variants } from './schema';

export interface Suggestion {
  text: string; // As it stands in the JSON, with its quotation marks.
  about: string;
}

/** Where the cursor is: the keys and indexes above it, and what has been typed of a key or a value. */
export interface Place {
  path: (string | number)[];
  wants: 'key' | 'value';
  typed: string; // Without the opening quotation mark.
  start: number; // Of what is being typed, the opening quotation mark included.
}

interface Level {
  array: boolean;
  key: string;
  index: number;
  afterColon: boolean;
}

/** Reads up to the cursor, forgiving what is unfinished. */
export function placeAt(text: string, cursor: number): Place {
  const levels: Level[] = [];
  let typed = '';
  let start = cursor;
  let at = 0;
  while (at < cursor) {
    const char = text[at] ?? '';
    const top = levels[levels.length - 1];
    if (char === '"') {
      let end = at + 1;
      while (end < cursor && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
      if (end >= cursor) {
        typed = text.slice(at + 1, cursor);
        start = at;
        break;
      }
      if (top !== undefined && !top.array && !top.afterColon) top.key = text.slice(at + 1, end);
      at = end + 1;
      continue;
    }
    if (char === '{' || char === '[') levels.push({ array: char === '[', key: '', index: 0, afterColon: false });
    else if (char === '}' || char === ']') levels.pop();
    else if (char === ':' && top !== undefined) top.afterColon = true;
    else if (char === ',' && top !== undefined) {
      top.afterColon = false;
      top.index += 1;
    }
    at += 1;
  }
  const top = levels[levels.length - 1];
  const wants = top === undefined || top.array || top.afterColon ? 'value' : 'key';
  const above = wants === 'key' ? levels.slice(0, -1) : levels;
  return { path: above.map((level) => (level.array ? level.index : level.key)), wants, typed, start };
}

function schemasAt(path: (string | number)[]): Schema[] {
  let here = variants(root);
  for (const step of path) {
    here = here.flatMap((schema) => {
      const below = typeof step === 'number' ? schema.items : schema.properties?.[step] ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined);
      return below === undefined ? [] : variants(below);
    });
  }
  return here;
}

const MOST = 12;

export function suggest(text: string, cursor: number): { place: Place; list: Suggestion[] } {
  const place = placeAt(text, cursor);
  const found = new Map<string, string>();
  for (const schema of schemasAt(place.path)) {
    if (place.wants === 'key') {
      for (const [key, below] of Object.entries(schema.properties ?? {})) {
        found.set(JSON.stringify(key), below.description ?? variants(below)[0]?.description ?? '');
      }
      continue;
    }
    for (const value of schema.enum ?? (schema.const === undefined ? [] : [schema.const])) found.set(JSON.stringify(value), schema.description ?? '');
    if (schema.type === 'boolean') for (const value of ['true', 'false']) found.set(value, schema.description ?? '');
  }
  const typed = place.typed.toLowerCase();
  const list = [...found].map(([one, about]) => ({ text: one, about })).filter((one) => one.text.replaceAll('"', '').toLowerCase().startsWith(typed));
  return { place, list: list.slice(0, MOST) };
}
