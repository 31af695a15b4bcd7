// What a kind of card needs, and what only some cards have: stamps, dates, codes, apps, NFC, keys of one wallet.

import type { Draft } from './draft';
import { textAt } from './draft';
import { NativeForm } from './native_form';
import { root } from './schema';
import { SchemaInput } from './schema_form';
import { nameOf } from './words';

const OF_KIND: Record<string, string[]> = {
  loyalty: ['stamps'],
  membership: ['stamps'],
  coupon: ['offer', 'stamps'],
  gift: [],
  ticket: ['event'],
  boarding: ['boarding'],
};
const OF_ALL = ['expires', 'relevant', 'sharing', 'beacons', 'app', 'actions', 'nfc', 'personalization', 'poster'];

export function MoreForm({ draft }: { draft: Draft }) {
  const kind = textAt(draft.source.value.template, 'kind');
  return (
    <div class="form">
      {[...(OF_KIND[kind] ?? []), ...OF_ALL].map((key) => {
        const schema = root.properties?.[key];
        return schema === undefined ? null : <SchemaInput key={key} draft={draft} path={[key]} schema={schema} name={nameOf(key)} />;
      })}
      <NativeForm draft={draft} />
    </div>
  );
}
