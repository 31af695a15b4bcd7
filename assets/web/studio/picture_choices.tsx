// Pictures chosen by data: "cards of level vip show this strip". The first row whose conditions hold
// decides; all other cards show the slot's own picture, the last row.

import type { Json, JsonObject } from './api';
import { type Draft, isObject, listAt, textAt } from './draft';
import { Choice, Finds, TextInput, findsAt } from './parts';
import { PictureInput, sharpest, stemOf, without } from './picture_input';
import type { Slot } from './slots';
import { words } from './words';

const ROWS_MAX = 20; // assets/template.schema.json
const USUAL_TIERS = ['silver', 'gold', 'vip'];

/** Tiers that the template tells apart, and the usual ones. */
export function tiersOf(draft: Draft): string[] {
  const images = draft.source.value.template.images;
  const rows = isObject(images) ? Object.keys(images).flatMap((slot) => listAt(images, slot)) : [];
  const named = rows.map((row) => textAt(row.when, 'tier.name')).filter((tier) => tier !== '');
  return [...new Set([...named, ...USUAL_TIERS])];
}

function rowsOf(draft: Draft, slot: string): JsonObject[] {
  return listAt(draft.source.value.template.images, slot);
}

/** The picture that a slot shows where no condition holds. */
export function mainStem(draft: Draft, slot: string): string {
  const last = rowsOf(draft, slot).pop();
  const file = last === undefined || last.when !== undefined ? '' : textAt(last, 'file');
  return file === '' ? slot : stemOf(file);
}

/** The rows with a condition, and behind them the one without, or nothing if none is left. */
function putRows(draft: Draft, slot: string, rows: JsonObject[]): Json | undefined {
  const main = { file: `${mainStem(draft, slot)}.png` };
  return rows.length === 0 && main.file === `${slot}.png` ? undefined : [...rows, main];
}

const conditionsOf = (row: JsonObject) => (isObject(row.when) ? Object.entries(row.when) : []);
const conditional = (draft: Draft, slot: string) => rowsOf(draft, slot).filter((row) => row.when !== undefined);

function setRows(draft: Draft, slot: string, rows: JsonObject[], what: string, gone = ''): void {
  draft.edit(`images/${slot}/${what}`, (source) => {
    const images: JsonObject = isObject(source.template.images) ? { ...source.template.images } : {};
    const next = putRows(draft, slot, rows);
    if (next === undefined) delete images[slot];
    else images[slot] = next;
    const { images: _, ...others } = source.template;
    const template = Object.keys(images).length === 0 ? others : { ...others, images };
    return gone === '' ? { ...source, template } : { ...source, template, images: without(source.images, gone) };
  });
}

function addRow(draft: Draft, slot: string): void {
  const rows = conditional(draft, slot);
  const { images } = draft.source.value;
  const named = (stem: string) => rows.some((row) => textAt(row, 'file') === `${stem}.png`) || sharpest(images, stem) !== null;
  let number = 2;
  while (named(`${slot}-${number}`)) number += 1;
  const told = rows.map((row) => textAt(row.when, 'tier.name'));
  const tier = tiersOf(draft).reverse().find((one) => !told.includes(one)) ?? '';
  setRows(draft, slot, [...rows, { when: { 'tier.name': tier }, file: `${slot}-${number}.png` }], 'add');
}

interface RowProps {
  draft: Draft;
  slot: Slot;
  rows: JsonObject[];
  index: number;
}

function Condition({ draft, slot, rows, index, at }: RowProps & { at: number }) {
  const row = rows[index] ?? {};
  const conditions = conditionsOf(row);
  const [name, value] = conditions[at] ?? ['', ''];
  const where = `${slot.name} ${index + 1}`;
  const write = (next: [string, Json][], what: string) => {
    const changed = rows.map((one, place) => (place === index ? { ...one, when: Object.fromEntries(next) } : one));
    setRows(draft, slot.name, changed, what);
  };
  const put = (to: [string, Json]) => write(conditions.map((one, place) => (place === at ? to : one)), `${index}/${at}`);
  const names = draft.variables.filter((one) => !one.name.endsWith('*')).map((one): [string, string] => [one.name, one.name]);
  const taken = conditions.map(([one]) => one);
  const options = [...names.filter(([one]) => one === name || !taken.includes(one)), ...(names.some(([one]) => one === name) ? [] : [[name, name] as [string, string]])];
  return (
    <div class="condition">
      <Choice label={at === 0 ? words.choice_if : words.choice_and} hiddenLabel={where} value={name} options={options} onChange={(to) => put([to, value ?? ''])} />
      <TextInput label={words.choice_is} hiddenLabel={where} value={String(value ?? '')} list={name === 'tier.name' ? 'tiers' : ''} onInput={(to) => put([name, to])} />
      {conditions.length < 2 ? null : (
        <button type="button" aria-label={`${words.remove}: ${where}, ${name}`} onClick={() => write(conditions.filter((_, place) => place !== at), 'remove')}>
          ✕
        </button>
      )}
    </div>
  );
}

function Row(props: RowProps) {
  const { draft, slot, rows, index } = props;
  const row = rows[index] ?? {};
  const conditions = conditionsOf(row);
  const stem = stemOf(textAt(row, 'file'));
  const where = `${slot.name} ${index + 1}`;
  const free = draft.variables.find((one) => !one.name.endsWith('*') && !conditions.some(([name]) => name === one.name));
  const move = (to: number) => {
    const next = [...rows];
    next.splice(to, 0, ...next.splice(index, 1));
    setRows(draft, slot.name, next, 'move');
  };
  const add = (name: string) =>
    setRows(draft, slot.name, rows.map((one, place) => (place === index ? { ...one, when: Object.fromEntries([...conditions, [name, '']]) } : one)), 'and');
  return (
    <li class="choice">
      <PictureInput draft={draft} stem={stem} name={stem} note="" aspect={`${slot.width} / ${slot.height}`} shown={sharpest(draft.source.value.images, stem)} />
      <div class="form">
        {conditions.map((_, at) => (
          <Condition key={at} {...props} at={at} />
        ))}
        <div class="bar">
          {free === undefined ? null : (
            <button type="button" onClick={() => add(free.name)}>
              + {words.choice_and}
              <span class="hidden">: {where}</span>
            </button>
          )}
          <button type="button" disabled={index === 0} aria-label={`${words.move_up}: ${where}`} onClick={() => move(index - 1)}>
            ↑
          </button>
          <button type="button" disabled={index === rows.length - 1} aria-label={`${words.move_down}: ${where}`} onClick={() => move(index + 1)}>
            ↓
          </button>
          <button type="button" aria-label={`${words.remove}: ${where}`} onClick={() => setRows(draft, slot.name, rows.filter((_, place) => place !== index), 'remove', stem)}>
            ✕
          </button>
        </div>
        <Finds list={findsAt(draft, `/images/${slot.name}/${index}`)} />
      </div>
    </li>
  );
}

/** Below a slot: which cards show another picture, and which. `ready`: the others have one to show. */
export function PictureChoices({ draft, slot, ready }: { draft: Draft; slot: Slot; ready: boolean }) {
  const rows = conditional(draft, slot.name);
  return (
    <>
      {rows.length === 0 ? null : (
        <>
          <p class="hint">{words.choices_hint}</p>
          <ol class="choices" aria-label={`${words.choices}: ${slot.name}`}>
            {rows.map((_, index) => (
              <Row key={index} draft={draft} slot={slot} rows={rows} index={index} />
            ))}
          </ol>
        </>
      )}
      <Finds list={findsAt(draft, `/images/${slot.name}`).filter((one) => !rows.some((_, index) => `${one.pointer}/`.startsWith(`/images/${slot.name}/${index}/`)))} />
      {!ready ? null : (
        <button type="button" disabled={rows.length + 1 >= ROWS_MAX} onClick={() => addRow(draft, slot.name)}>
          + {words.add_choice}
          <span class="hidden">: {slot.name}</span>
        </button>
      )}
    </>
  );
}
