// Pictures: what each slot shows, and new ones by drop or choice.

import { signal } from '@preact/signals';
import * as api from './api';
import type { JsonObject } from './api';
import { type Draft, isObject, textAt } from './draft';
import { Finds } from './parts';
import { words } from './words';

const BYTES_MAX = 4 * 1024 * 1024;

// Pixels at the sharpest scale (Apple reference 3.1, Google reference 1.12).
const SLOTS: [string, number, number][] = [
  ['icon', 114, 114],
  ['logo', 480, 150],
  ['strip', 1125, 432],
  ['thumbnail', 270, 270],
  ['background', 1029, 1509],
  ['footer', 858, 45],
  ['primaryLogo', 378, 90],
  ['secondaryLogo', 405, 36],
  ['artwork', 1074, 1344],
  ['venueMap', 1365, 1365],
  ['personalizationLogo', 450, 120],
  ['google-logo', 660, 660],
  ['google-hero', 1032, 336],
];

// As the service has it (design/internal/slots.cc): which cards show a slot.
function isShown(slot: string, template: JsonObject): boolean {
  const { kind, boarding } = template;
  const poster = template.poster !== undefined && template.poster !== null;
  switch (slot) {
    case 'strip':
      return kind !== 'membership' && kind !== 'boarding';
    case 'thumbnail':
      return kind === 'membership' || kind === 'ticket';
    case 'background':
      return kind === 'ticket';
    case 'footer':
      return kind === 'boarding';
    case 'primaryLogo':
      return poster || (isObject(boarding) && boarding.semantic === true);
    case 'artwork':
      return poster;
    case 'secondaryLogo':
    case 'venueMap':
      return poster && kind === 'ticket';
    case 'personalizationLogo':
      return isObject(template.personalization);
    case 'google-logo':
    case 'google-hero':
      return kind !== 'boarding';
    default:
      return true;
  }
}

// Drawn pictures by what they depend on; old ones go when there are many.
const drawn = new Map<string, string>();
const arrived = signal(0);
const DRAWN_MAX = 120;

/** The address of a picture as the card shows it; null until the service has drawn it. */
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

const guides = signal(true);

// What of a slot is sure to be seen: insets from top, right, bottom and left in percent, or a circle.
// Strips: 375 x 123 of 375 x 144 points are drawn on most cards (Apple reference 3.1, archived guide);
// logos and thumbnails are fitted, posters and backgrounds fill the screen and lose their edges.
const GUIDES: Record<string, { inset?: [number, number, number, number]; circle?: boolean; text: string }> = {
  strip: { inset: [7.3, 0, 7.3, 0], text: words.guide_strip },
  background: { inset: [6, 6, 6, 6], text: words.guide_blur },
  thumbnail: { inset: [8, 8, 8, 8], text: words.guide_edge },
  artwork: { inset: [6, 6, 6, 6], text: words.guide_edge },
  footer: { inset: [0, 0, 0, 0], text: words.guide_fit },
  logo: { inset: [0, 0, 0, 0], text: words.guide_fit },
  primaryLogo: { inset: [0, 0, 0, 0], text: words.guide_fit },
  secondaryLogo: { inset: [0, 0, 0, 0], text: words.guide_fit },
  personalizationLogo: { inset: [0, 0, 0, 0], text: words.guide_fit },
  icon: { inset: [4, 4, 4, 4], text: words.guide_edge },
  'google-logo': { circle: true, text: words.guide_circle },
  'google-hero': { inset: [4, 4, 4, 4], text: words.guide_edge },
};

function Guide({ slot }: { slot: string }) {
  const guide = GUIDES[slot];
  if (guide === undefined || !guides.value) return null;
  const [top, right, bottom, left] = guide.inset ?? [0, 0, 0, 0];
  return <div class={guide.circle ? 'guide circle' : 'guide'} style={{ inset: `${top}% ${right}% ${bottom}% ${left}%` }} />;
}

const refusal = signal<{ slot: string; text: string } | null>(null);

/** Puts a file in the place of all of a slot's, or of one picture that has a name of its own. */
async function take(draft: Draft, slot: string, file: File | undefined, name = `${slot}.png`): Promise<void> {
  if (file === undefined) return;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const isPng = [0x89, 0x50, 0x4e, 0x47].every((byte, index) => bytes[index] === byte);
  if (!isPng) {
    refusal.value = { slot, text: words.not_png };
    return;
  }
  if (bytes.length > BYTES_MAX) {
    refusal.value = { slot, text: words.too_large };
    return;
  }
  refusal.value = null;
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  draft.edit(`picture/${slot}`, (source) => {
    const images = Object.fromEntries(Object.entries(source.images).filter(([path]) => !isOf(path, slot)));
    return { ...source, images: { ...images, [name]: btoa(binary) } };
  });
}

// "strip.png", "strip@2x.png", "ru/strip@3x.png"; not "strip-vip.png".
function isOf(path: string, slot: string): boolean {
  const file = path.split('/').pop() ?? '';
  return file === `${slot}.png` || file === `${slot}@2x.png` || file === `${slot}@3x.png`;
}

function Slot({ draft, slot, width, height }: { draft: Draft; slot: string; width: number; height: number }) {
  const own = Object.keys(draft.source.value.images).filter((path) => isOf(path, slot));
  const url = picture(draft, slot, draft.languages.value[0] ?? '');
  const finds = (draft.answer.value?.findings ?? []).filter((one) => own.some((path) => one.file === `images/${path}`));
  const chosen = refusal.value?.slot === slot ? refusal.value.text : '';
  return (
    <li
      class="slot"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void take(draft, slot, event.dataTransfer?.files[0]);
      }}
    >
      <div class="frame" style={{ aspectRatio: `${width} / ${height}` }}>
        {url === null ? <span>{words.no_picture}</span> : <img src={url} alt={slot} />}
        <Guide slot={slot} />
      </div>
      {guides.value && GUIDES[slot] !== undefined ? <small>{GUIDES[slot]?.text}</small> : null}
      <label>
        <strong>{slot}</strong>{' '}
        <small>
          {width} × {height} {words.size_wanted}
          {url !== null && own.length === 0 ? `, ${words.derived}` : ''}
        </small>
        <input
          type="file"
          accept="image/png"
          aria-label={`${slot}: ${words.drop_here}`}
          onChange={(event) => {
            void take(draft, slot, event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
      </label>
      {own.length === 0 ? null : (
        <button
          type="button"
          onClick={() =>
            draft.edit(`picture/${slot}`, (source) => ({
              ...source,
              images: Object.fromEntries(Object.entries(source.images).filter(([path]) => !isOf(path, slot))),
            }))
          }
        >
          ✕ {words.remove}
          <span class="hidden"> {slot}</span>
        </button>
      )}
      {chosen === '' ? null : (
        <p class="error" role="alert">
          {chosen}
        </p>
      )}
      <Finds list={finds} />
    </li>
  );
}

/** A picture that the template names itself: a stamp. */
function Stamp({ draft, part }: { draft: Draft; part: 'filled' | 'empty' }) {
  const { template, images } = draft.source.value;
  const file = textAt(template.stamps, part);
  const bytes = images[file];
  const chosen = refusal.value?.slot === file ? refusal.value.text : '';
  if (file === '') return null;
  return (
    <li
      class="slot"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void take(draft, file, event.dataTransfer?.files[0], file);
      }}
    >
      <div class="frame" style={{ aspectRatio: '1' }}>
        {bytes === undefined ? <span>{words.no_picture}</span> : <img src={`data:image/png;base64,${bytes}`} alt={file} />}
      </div>
      <label>
        <strong>{file}</strong> <small>{part === 'filled' ? words.stamp_filled : words.stamp_empty}</small>
        <input
          type="file"
          accept="image/png"
          aria-label={`${file}: ${words.drop_here}`}
          onChange={(event) => {
            void take(draft, file, event.currentTarget.files?.[0], file);
            event.currentTarget.value = '';
          }}
        />
      </label>
      {chosen === '' ? null : (
        <p class="error" role="alert">
          {chosen}
        </p>
      )}
    </li>
  );
}

export function PicturesForm({ draft }: { draft: Draft }) {
  const { template, images } = draft.source.value;
  return (
    <>
      <label class="check">
        <input type="checkbox" checked={guides.value} onChange={(event) => (guides.value = event.currentTarget.checked)} /> {words.guides}
      </label>
      <ul class="slots">
        {SLOTS.filter(([slot]) => isShown(slot, template) || Object.keys(images).some((path) => isOf(path, slot))).map(([slot, width, height]) => (
          <Slot key={slot} draft={draft} slot={slot} width={width} height={height} />
        ))}
        {isObject(template.stamps) ? (['filled', 'empty'] as const).map((part) => <Stamp key={part} draft={draft} part={part} />) : null}
      </ul>
    </>
  );
}
