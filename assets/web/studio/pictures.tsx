// Pictures: what each slot shows, for all cards and for some, and the stamps.

import { signal } from '@preact/signals';
import { type Draft, isObject, listAt, textAt } from './draft';
import { picture } from './drawn_picture';
import { Finds } from './parts';
import { PictureChoices, mainStem } from './picture_choices';
import { PictureInput, filesOf, sharpest, stemOf, without } from './picture_input';
import { SLOTS, type Slot, isShown } from './slots';
import { words } from './words';

const guides = signal(true);

function SlotForm({ draft, slot }: { draft: Draft; slot: Slot }) {
  const { template, images } = draft.source.value;
  const stem = mainStem(draft, slot.name);
  const own = filesOf(images, stem);
  const chosen = listAt(template.images, slot.name).length > 0;
  // With choices the drawn one is the chosen member's; here stands everybody else's.
  const shown = chosen ? sharpest(images, stem) : picture(draft, slot.name, draft.languages.value[0] ?? '');
  const finds = (draft.answer.value?.findings ?? []).filter((one) => own.some((path) => one.file === `images/${path}`));
  const derived = shown !== null && own.length === 0 ? `, ${words.derived}` : '';
  return (
    <li class={chosen ? 'slot chosen' : 'slot'}>
      <PictureInput
        draft={draft}
        stem={stem}
        name={slot.name}
        note={`${slot.width} × ${slot.height} ${words.size_wanted}${derived}`}
        aspect={`${slot.width} / ${slot.height}`}
        shown={shown}
        guide={guides.value ? slot.guide : null}
      >
        {own.length === 0 ? null : (
          <button type="button" onClick={() => draft.edit(`picture/${stem}`, (source) => ({ ...source, images: without(source.images, stem) }))}>
            ✕ {words.remove}
            <span class="hidden"> {slot.name}</span>
          </button>
        )}
        <Finds list={finds} />
      </PictureInput>
      <PictureChoices draft={draft} slot={slot} ready={own.length > 0} />
    </li>
  );
}

/** A picture that the template names itself. */
function StampForm({ draft, part }: { draft: Draft; part: 'filled' | 'empty' }) {
  const { template, images } = draft.source.value;
  const file = textAt(template.stamps, part);
  if (file === '') return null;
  const note = part === 'filled' ? words.stamp_filled : words.stamp_empty;
  return (
    <li class="slot">
      <PictureInput draft={draft} stem={stemOf(file)} name={file} note={note} aspect="1" shown={sharpest(images, stemOf(file))} />
    </li>
  );
}

export function PicturesForm({ draft }: { draft: Draft }) {
  const { template, images } = draft.source.value;
  const slots = SLOTS.filter((slot) => isShown(slot.name, template) || filesOf(images, slot.name).length > 0);
  return (
    <>
      <label class="check">
        <input type="checkbox" checked={guides.value} onChange={(event) => (guides.value = event.currentTarget.checked)} /> {words.guides}
      </label>
      <ul class="slots">
        {slots.map((slot) => (
          <SlotForm key={slot.name} draft={draft} slot={slot} />
        ))}
        {isObject(template.stamps) ? (['filled', 'empty'] as const).map((part) => <StampForm key={part} draft={draft} part={part} />) : null}
      </ul>
    </>
  );
}
