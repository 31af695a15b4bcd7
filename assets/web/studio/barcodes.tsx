// The codes of a card: one, and behind it those for phones that cannot draw it.

import type { JsonObject } from './api';
import { type Draft, isObject, listAt, textAt } from './draft';
import { Choice, TextInput, findsAt } from './parts';
import { root, shapeOf } from './schema';
import { words } from './words';

const FORMATS = (shapeOf(root.$defs?.barcode?.properties?.format ?? {}) as { of?: string[] }).of ?? [];
const CODES_MAX = 8; // assets/template.schema.json

const firstCode = (format: string): JsonObject => ({ format, message: '{{card.number}}', text: '{{card.number_spaced}}' });

/** template.json may say one code without a list. */
function codesOf(template: JsonObject): { codes: JsonObject[]; path: (index: number) => (string | number)[] } {
  const one = template['barcode'];
  if (isObject(one)) return { codes: [one], path: () => ['barcode'] };
  return { codes: listAt(template, 'barcode'), path: (index) => ['barcode', index] };
}

function CodeRow({ draft, code, index, path, remove }: { draft: Draft; code: JsonObject; index: number; path: (string | number)[]; remove: () => void }) {
  const place = index === 0 ? undefined : `${words.fallback_code} ${index}`;
  return (
    <div class="form boxed">
      <Choice
        label={words.format}
        hiddenLabel={place}
        value={textAt(code, 'format')}
        options={FORMATS.map((one): [string, string] => [one, one])}
        onChange={(format) => draft.set([...path, 'format'], format)}
      />
      <TextInput
        label={words.barcode_message}
        hiddenLabel={place}
        value={textAt(code, 'message')}
        list="variables"
        finds={findsAt(draft, `/${path.join('/')}`)}
        onInput={(text) => draft.set([...path, 'message'], text)}
      />
      <TextInput
        label={words.barcode_text}
        hiddenLabel={place}
        value={textAt(code, 'text')}
        list="variables"
        onInput={(text) => draft.set([...path, 'text'], text === '' ? undefined : text)}
      />
      <button type="button" onClick={remove}>
        ✕ {words.remove}
        <span class="hidden">: {place ?? words.barcode}</span>
      </button>
    </div>
  );
}

export function BarcodesForm({ draft }: { draft: Draft }) {
  const { codes, path } = codesOf(draft.source.value.template);
  const put = (next: JsonObject[]) => draft.set(['barcode'], next.length === 0 ? undefined : next);
  const next = FORMATS.find((format) => !codes.some((code) => textAt(code, 'format') === format)) ?? 'qr';
  return (
    <>
      <h2 class="part">{words.barcode}</h2>
      {codes.length > 1 ? <p class="hint">{words.fallback_hint}</p> : null}
      {codes.map((code, index) => (
        <CodeRow key={index} draft={draft} code={code} index={index} path={path(index)} remove={() => put(codes.filter((_, other) => other !== index))} />
      ))}
      {codes.length >= CODES_MAX ? null : (
        <button type="button" onClick={() => put([...codes, codes[0] === undefined ? firstCode('qr') : { ...codes[0], format: next }])}>
          + {codes.length === 0 ? words.add_code : words.add_fallback_code}
        </button>
      )}
    </>
  );
}
