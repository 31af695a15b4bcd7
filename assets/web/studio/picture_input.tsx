// One place for a picture: it takes a PNG that is dropped on it or chosen, and shows what is there.

import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Draft } from './draft';
import type { Guide } from './slots';
import { words } from './words';

const BYTES_MAX = 4 * 1024 * 1024;
const PNG_BEGINS = [0x89, 0x50, 0x4e, 0x47];

const refusal = signal<{ stem: string; text: string } | null>(null);
const draggedOver = signal('');

/** "strip" of "strip.png". */
export const stemOf = (file: string) => file.replace(/\.png$/, '');

// "strip.png", "strip@2x.png", "ru/strip@3x.png"; not "strip-vip.png".
function isOf(path: string, stem: string): boolean {
  const file = path.split('/').pop() ?? '';
  return ['', '@2x', '@3x'].some((scale) => file === `${stem}${scale}.png`);
}

/** Paths of a picture in all its scales and languages. */
export function filesOf(images: { [path: string]: string }, stem: string): string[] {
  return Object.keys(images).filter((path) => isOf(path, stem));
}

/** All pictures but one. */
export function without(images: { [path: string]: string }, stem: string): { [path: string]: string } {
  return Object.fromEntries(Object.entries(images).filter(([path]) => !isOf(path, stem)));
}

/** The sharpest of a picture's files, for an <img>; null if there is none. */
export function sharpest(images: { [path: string]: string }, stem: string): string | null {
  const file = [`${stem}@3x.png`, `${stem}@2x.png`, `${stem}.png`, ...filesOf(images, stem)].find((path) => path in images);
  return file === undefined ? null : `data:image/png;base64,${images[file]}`;
}

/** Puts a file in the place of a picture in all its scales and languages. */
async function take(draft: Draft, stem: string, file: File | undefined): Promise<void> {
  if (file === undefined) return;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const isPng = PNG_BEGINS.every((byte, index) => bytes[index] === byte);
  if (!isPng || bytes.length > BYTES_MAX) {
    refusal.value = { stem, text: isPng ? words.too_large : words.not_png };
    return;
  }
  refusal.value = null;
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  draft.edit(`picture/${stem}`, (source) => ({ ...source, images: { ...without(source.images, stem), [`${stem}.png`]: btoa(binary) } }));
}

function Frame({ shown, name, aspect, guide }: { shown: string | null; name: string; aspect: string; guide: Guide | null }) {
  const [top, right, bottom, left] = guide?.inset ?? [0, 0, 0, 0];
  return (
    <div class="frame" style={{ aspectRatio: aspect }}>
      {shown === null ? <span>{words.no_picture}</span> : <img src={shown} alt={name} />}
      {guide === null ? null : <div class={guide.circle ? 'guide circle' : 'guide'} style={{ inset: `${top}% ${right}% ${bottom}% ${left}%` }} />}
    </div>
  );
}

/** `shown`: the address of the picture as it looks now; null: there is none. */
export function PictureInput(props: { draft: Draft; stem: string; name: string; note: string; aspect: string; shown: string | null; guide?: Guide | null; children?: ComponentChildren }) {
  const { draft, stem, name, guide = null } = props;
  const refused = refusal.value?.stem === stem ? refusal.value.text : '';
  return (
    <div
      class={draggedOver.value === stem ? 'picture over' : 'picture'}
      onDragOver={(event) => {
        event.preventDefault();
        draggedOver.value = stem;
      }}
      onDragLeave={() => (draggedOver.value = '')}
      onDrop={(event) => {
        event.preventDefault();
        draggedOver.value = '';
        void take(draft, stem, event.dataTransfer?.files[0]);
      }}
    >
      <Frame shown={props.shown} name={name} aspect={props.aspect} guide={guide} />
      {guide === null ? null : <small>{guide.text}</small>}
      <label>
        <strong>{name}</strong> <small>{props.note}</small>
        <input
          type="file"
          accept="image/png"
          aria-label={`${name}: ${words.drop_here}`}
          onChange={(event) => {
            void take(draft, stem, event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
      </label>
      {props.children}
      {refused === '' ? null : (
        <p class="error" role="alert">
          {refused}
        </p>
      )}
    </div>
  );
}
