// Pictures as a card shows them: the service draws, the page keeps what it has drawn.

import { signal } from '@preact/signals';
import * as api from './api';
import type { Draft } from './draft';

// By what they depend on; old ones go when there are many.
const drawn = new Map<string, string>();
const arrived = signal(0);
const DRAWN_MAX = 120;

/** The address of a slot's picture; null until the service has drawn it. */
export function picture(draft: Draft, slot: string, language: string): string | null {
  arrived.value; // Draws anew when one arrives.
  const place = draft.shown.value?.images[slot];
  if (place === undefined) return null;
  const key = `${draft.name} ${draft.pictureKey.value} ${slot} ${place.variant} ${language}`;
  const known = drawn.get(key);
  if (known !== undefined) return known === '' ? null : known;
  drawn.set(key, '');
  api.drawPicture(draft.name, draft.source.value, slot, place.variant, language).then(
    (blob) => {
      drawn.set(key, URL.createObjectURL(blob));
      for (const [old, url] of drawn) {
        if (drawn.size <= DRAWN_MAX) break;
        drawn.delete(old);
        URL.revokeObjectURL(url);
      }
      arrived.value += 1;
    },
    () => drawn.delete(key),
  );
  return null;
}
