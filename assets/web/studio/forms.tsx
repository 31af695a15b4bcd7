// The forms on the left: everything that a template says, by subject.

import { signal } from '@preact/signals';
import type { JsonObject } from './api';
import { BarcodesForm } from './barcodes';
import { contrast } from './color';
import { type Draft, isObject, listAt, textAt } from './draft';
import { Choice, Finds, LocalText, NumberInput, TextInput, findsAt } from './parts';
import { root, shapeOf } from './schema';
import { SchemaInput } from './schema_form';
import { nameOf, words } from './words';

const READABLE = 4.5; // WCAG 2.1, 1.4.3.

function ColorInput({ draft, name, label }: { draft: Draft; name: 'background' | 'foreground' | 'label'; label: string }) {
  const colors = draft.source.value.template.colors;
  const value = textAt(colors, name);
  const ratio = name === 'background' ? null : contrast(value, textAt(colors, 'background'));
  return (
    <div class="input color">
      <label>
        <span>{label}</span>
        <input type="color" value={value || '#ffffff'} onInput={(event) => draft.set(['colors', name], event.currentTarget.value.toUpperCase())} />
      </label>
      <input
        class="hex"
        aria-label={`${label}, #RRGGBB`}
        value={value}
        onInput={(event) => draft.set(['colors', name], event.currentTarget.value)}
      />
      {ratio === null ? null : (
        <span class={ratio < READABLE ? 'low' : 'good'}>
          {words.contrast} {ratio.toFixed(1)}
          {ratio < READABLE ? `: ${words.contrast_low}` : ''}
        </span>
      )}
      <Finds list={findsAt(draft, `/colors/${name}`)} />
    </div>
  );
}

export function CardForm({ draft }: { draft: Draft }) {
  const main = draft.source.value.template;
  return (
    <div class="form">
      {draft.summary.value?.versions.length === 0 ? (
        <>
          <Choice label={words.kind} value={textAt(main, 'kind')} options={Object.entries(words.kinds)} onChange={(kind) => draft.set(['kind'], kind)} />
          <Finds list={findsAt(draft, '/kind')} />
        </>
      ) : null}
      <LocalText draft={draft} label={words.organization} path={['organization']} value={textAt(main, 'organization')} />
      <LocalText draft={draft} label={words.logo_text} path={['logo_text']} value={textAt(main, 'logo_text')} />
      <LocalText draft={draft} label={words.description} path={['description']} value={textAt(main, 'description')} />
      <ColorInput draft={draft} name="background" label={words.background} />
      <ColorInput draft={draft} name="foreground" label={words.foreground} />
      <ColorInput draft={draft} name="label" label={words.label_color} />
    </div>
  );
}

const GROUPS = ['header', 'primary', 'secondary', 'auxiliary', 'additional', 'footer', 'back'];
// Groups that only some cards show, and those that have fields already.
function groupsOf(draft: Draft): string[] {
  const { kind, poster, fields } = draft.source.value.template;
  const shown: Record<string, boolean> = { additional: kind === 'ticket', footer: poster !== undefined && poster !== null };
  return GROUPS.filter((group) => shown[group] !== false || listAt(fields, group).length > 0);
}

// What of a field has no input of its own above.
const MORE_OF_FIELD = ['align', 'currency', 'date_style', 'time_style', 'relative', 'zone', 'href', 'detect', 'row'];
const PLACES_AT_GOOGLE = (shapeOf(root.$defs?.field?.properties?.google ?? {}) as { of?: string[] }).of ?? [];

const openField = signal<string | null>(null);

function moveField(draft: Draft, from: string, index: number, to: string, place: number): void {
  draft.editTemplate(`move/${from}/${index}/${to}`, (template) => {
    const fields: JsonObject = isObject(template.fields) ? { ...template.fields } : {};
    const source = listAt(fields, from);
    const [moved] = source.splice(index, 1);
    if (moved === undefined) return template;
    fields[from] = source;
    const target = from === to ? source : listAt(fields, to);
    target.splice(Math.max(0, Math.min(place, target.length)), 0, moved);
    fields[to] = target;
    return { ...template, fields };
  });
}

function FieldForm({ draft, group, index, field }: { draft: Draft; group: string; index: number; field: JsonObject }) {
  const path = ['fields', group, index];
  const set = (key: string) => (value: string) => draft.set([...path, key], value === '' ? undefined : value);
  return (
    <div class="form">
      <TextInput label={words.key} value={textAt(field, 'key')} onInput={set('key')} finds={findsAt(draft, `/${path.join('/')}/key`)} />
      <LocalText draft={draft} label={words.label} path={[...path, 'label']} value={textAt(field, 'label')} />
      <LocalText draft={draft} label={words.value} path={[...path, 'value']} value={textAt(field, 'value')} lines={group === 'back' ? 3 : 1} />
      <Choice label={words.type} value={textAt(field, 'type') || 'text'} options={Object.entries(words.types)} onChange={(value) => set('type')(value === 'text' ? '' : value)} />
      <LocalText draft={draft} label={words.change} path={[...path, 'change']} value={textAt(field, 'change')} />
      <Choice label={words.google_place} value={textAt(field, 'google')} options={[['', '—'], ...PLACES_AT_GOOGLE.map((one): [string, string] => [one, one])]} onChange={set('google')} />
      <Finds list={findsAt(draft, `/${path.join('/')}/google`)} />
      <Choice label={words.move_to} value={group} options={groupsOf(draft).map((one) => [one, words.groups[one] ?? one])} onChange={(to) => moveField(draft, group, index, to, 99)} />
      <details>
        <summary>{words.more_of_field}</summary>
        <div class="form">
          {MORE_OF_FIELD.map((key) => (
            <SchemaInput key={key} draft={draft} path={[...path, key]} schema={root.$defs?.field?.properties?.[key] ?? {}} name={nameOf(key)} />
          ))}
        </div>
      </details>
    </div>
  );
}

function FieldRow({ draft, group, index, field, count }: { draft: Draft; group: string; index: number; field: JsonObject; count: number }) {
  const id = `${group}/${index}`;
  const open = openField.value === id;
  const name = textAt(field, 'key') || words.field;
  const finds = findsAt(draft, `/fields/${group}/${index}`);
  return (
    <li
      class="field-row"
      draggable
      onDragStart={(event) => event.dataTransfer?.setData('text/plain', id)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        const [from, place] = (event.dataTransfer?.getData('text/plain') ?? '').split('/');
        if (from !== undefined && place !== undefined) moveField(draft, from, Number(place), group, index);
      }}
    >
      <div class="bar">
        <button type="button" class="plain grow" aria-expanded={open} onClick={() => (openField.value = open ? null : id)}>
          {name} <small>{textAt(field, 'value')}</small>
          {finds.some((one) => one.level === 'error') ? <b class="badge">!</b> : null}
        </button>
        <button type="button" disabled={index === 0} aria-label={`${words.move_up}: ${name}`} onClick={() => moveField(draft, group, index, group, index - 1)}>
          ↑
        </button>
        <button type="button" disabled={index === count - 1} aria-label={`${words.move_down}: ${name}`} onClick={() => moveField(draft, group, index, group, index + 1)}>
          ↓
        </button>
        <button type="button" aria-label={`${words.remove}: ${name}`} onClick={() => draft.set(['fields', group, index], undefined)}>
          ✕
        </button>
      </div>
      {open ? <FieldForm draft={draft} group={group} index={index} field={field} /> : <Finds list={finds} />}
    </li>
  );
}

function addField(draft: Draft, group: string): void {
  const used = new Set(GROUPS.flatMap((one) => listAt(draft.source.value.template.fields, one).map((field) => textAt(field, 'key'))));
  let number = 1;
  while (used.has(`field_${number}`)) number += 1;
  const index = listAt(draft.source.value.template.fields, group).length;
  draft.set(['fields', group, index], { key: `field_${number}`, label: words.label, value: '{{member.name}}' });
  openField.value = `${group}/${index}`;
}

export function FieldsForm({ draft }: { draft: Draft }) {
  const fields = draft.source.value.template.fields;
  return (
    <div class="form">
      {groupsOf(draft).map((group) => {
        const list = listAt(fields, group);
        return (
          <section
            key={group}
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
              event.preventDefault();
              const [from, place] = (event.dataTransfer?.getData('text/plain') ?? '').split('/');
              if (from !== undefined && place !== undefined) moveField(draft, from, Number(place), group, list.length);
            }}
          >
            <h2 class="part">{words.groups[group]}</h2>
            <ul class="rows">
              {list.map((field, index) => (
                <FieldRow key={`${index}-${textAt(field, 'key')}`} draft={draft} group={group} index={index} field={field} count={list.length} />
              ))}
            </ul>
            <button type="button" onClick={() => addField(draft, group)}>
              + {words.add_field}
              <span class="hidden">: {words.groups[group]}</span>
            </button>
          </section>
        );
      })}
    </div>
  );
}

export function CodeForm({ draft }: { draft: Draft }) {
  const main = draft.source.value.template;
  const links = listAt(main, 'links');
  return (
    <div class="form">
      <BarcodesForm draft={draft} />
      <h2 class="part">{words.links}</h2>
      {links.map((link, index) => (
        <div class="form boxed" key={index}>
          <LocalText draft={draft} label={words.label} path={['links', index, 'label']} value={textAt(link, 'label')} />
          <TextInput label={words.url} value={textAt(link, 'url')} finds={findsAt(draft, `/links/${index}`)} onInput={(text) => draft.set(['links', index, 'url'], text)} />
          <button type="button" onClick={() => draft.set(['links', index], undefined)}>
            ✕ {words.remove}
          </button>
        </div>
      ))}
      <button type="button" onClick={() => draft.set(['links', links.length], { label: words.links, url: 'https://example.com' })}>
        + {words.add_link}
      </button>
    </div>
  );
}

function Coordinate({ draft, index, name, label }: { draft: Draft; index: number; name: 'latitude' | 'longitude'; label: string }) {
  const place = listAt(draft.source.value.template, 'locations')[index];
  const put = (number: number | undefined) => {
    if (number !== undefined) draft.set(['locations', index, name], number);
  };
  return <NumberInput label={label} value={place?.[name]} finds={findsAt(draft, `/locations/${index}/${name}`)} onInput={put} />;
}

export function PlacesForm({ draft }: { draft: Draft }) {
  const places = listAt(draft.source.value.template, 'locations');
  return (
    <div class="form">
      <p class="hint">{words.places_hint}</p>
      {places.map((place, index) => (
        <div class="form boxed" key={index}>
          <div class="pair">
            <Coordinate draft={draft} index={index} name="latitude" label={words.latitude} />
            <Coordinate draft={draft} index={index} name="longitude" label={words.longitude} />
          </div>
          <LocalText draft={draft} label={words.place_text} path={['locations', index, 'text']} value={textAt(place, 'text')} />
          <button type="button" onClick={() => draft.set(['locations', index], undefined)}>
            ✕ {words.remove}
          </button>
        </div>
      ))}
      <button type="button" disabled={places.length >= 10} onClick={() => draft.set(['locations', places.length], { latitude: 55.7558, longitude: 37.6173, text: '' })}>
        + {words.add_place}
      </button>
    </div>
  );
}
