// Forms that follow the template's schema: whatever a template can say, beyond what has a form of its own.

import type { Json } from './api';
import { type Draft, isObject } from './draft';
import { Choice, Finds, LocalText, NumberInput, TextInput, findsAt } from './parts';
import { type Schema, type Shape, shapeOf } from './schema';
import { language, nameOf, words } from './words';

type Path = (string | number)[];

function valueAt(draft: Draft, path: Path): Json | undefined {
  let value: Json | undefined = draft.source.value.template;
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)];
    else value = isObject(value) ? value[String(step)] : undefined;
  }
  return value;
}

/** What a new entry begins with, so that the form has something to show. */
function fresh(schema: Schema): Json {
  const shape = shapeOf(schema);
  switch (shape.kind) {
    case 'object':
      return Object.fromEntries(shape.required.map((key) => [key, fresh(shape.properties[key] ?? {})]));
    case 'list':
    case 'strings':
    case 'integers':
    case 'set':
      return [];
    case 'choice':
      return shape.of[0] ?? '';
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return (schema.minimum ?? 0) > 0 ? (schema.minimum ?? 0) : 0;
    default:
      return '';
  }
}

function Hint({ schema }: { schema: Schema }) {
  // The schema speaks English.
  return schema.description === undefined || language !== 'en' ? null : <small>{schema.description}</small>;
}

interface Props {
  draft: Draft;
  path: Path;
  schema: Schema;
  name: string;
}

function pointerOf(path: Path): string {
  return `/${path.join('/')}`;
}

/** Several short values in one line, with commas between. */
function ListInput({ draft, path, name, numbers }: Props & { numbers: boolean }) {
  const value = valueAt(draft, path);
  const shown = Array.isArray(value) ? value.map(String).join(', ') : '';
  const take = (text: string) => {
    const parts = text.split(',').map((one) => one.trim()).filter((one) => one !== '');
    const list = numbers ? parts.map(Number).filter(Number.isSafeInteger) : parts;
    draft.set(path, list.length === 0 ? undefined : list);
  };
  return (
    <div class="input">
      <label>
        <span>
          {name} ({words.with_commas})
        </span>
        <input value={shown} onChange={(event) => take(event.currentTarget.value)} />
      </label>
      <Finds list={findsAt(draft, pointerOf(path))} />
    </div>
  );
}

function SetInput({ draft, path, name, of }: Props & { of: string[] }) {
  const value = valueAt(draft, path);
  const chosen = Array.isArray(value) ? value.map(String) : [];
  return (
    <fieldset class="local">
      <legend>{name}</legend>
      <div class="controls">
        {of.map((one) => (
          <label class="check" key={one}>
            <input
              type="checkbox"
              checked={chosen.includes(one)}
              onChange={(event) => draft.set(path, of.filter((other) => (other === one ? event.currentTarget.checked : chosen.includes(other))))}
            />{' '}
            {nameOf(one)}
          </label>
        ))}
      </div>
      <Finds list={findsAt(draft, pointerOf(path))} />
    </fieldset>
  );
}

function ObjectList({ draft, path, schema, name, item, max }: Props & { item: Schema; max: number }) {
  const value = valueAt(draft, path);
  const list = Array.isArray(value) ? value : [];
  return (
    <fieldset class="local">
      <legend>{name}</legend>
      <Hint schema={schema} />
      {list.map((_, index) => (
        <div class="form boxed" key={index}>
          <SchemaInput draft={draft} path={[...path, index]} schema={item} name={`${name} ${index + 1}`} bare />
          <button type="button" onClick={() => draft.set(list.length === 1 ? path : [...path, index], undefined)}>
            ✕ {words.remove}
            <span class="hidden">
              {' '}
              {name} {index + 1}
            </span>
          </button>
        </div>
      ))}
      <button type="button" disabled={list.length >= max} onClick={() => draft.set([...path, list.length], fresh(item))}>
        + {words.add}
        <span class="hidden">: {name}</span>
      </button>
    </fieldset>
  );
}

function ObjectInput({ draft, path, schema, name, shape, bare }: Props & { shape: Shape & { kind: 'object' }; bare: boolean }) {
  const inputs = Object.entries(shape.properties).map(([key, below]) => <SchemaInput key={key} draft={draft} path={[...path, key]} schema={below} name={nameOf(key)} />);
  if (bare) return <>{inputs}</>;
  const value = valueAt(draft, path);
  const there = value !== undefined && value !== null;
  return (
    <fieldset class="local">
      <legend>{name}</legend>
      <Hint schema={schema} />
      {there ? inputs : null}
      <button type="button" onClick={() => draft.set(path, there ? undefined : fresh(schema))}>
        {there ? `✕ ${words.remove}` : `+ ${words.add}`}
        <span class="hidden">: {name}</span>
      </button>
      <Finds list={(draft.answer.value?.findings ?? []).filter((one) => one.pointer === pointerOf(path))} />
    </fieldset>
  );
}

/** One value of the template. `bare`: an object without frame and without a way to remove it. */
export function SchemaInput(props: Props & { bare?: boolean }) {
  const { draft, path, schema, name } = props;
  const value = valueAt(draft, path);
  const shape = shapeOf(schema);
  const set = (text: string) => draft.set(path, text === '' ? undefined : text);
  const finds = findsAt(draft, pointerOf(path));
  switch (shape.kind) {
    case 'text':
      return <LocalText draft={draft} label={name} path={path} value={typeof value === 'string' ? value : ''} empty="remove" />;
    case 'string':
      return <TextInput label={name} value={typeof value === 'string' ? value : ''} onInput={set} finds={finds} />;
    case 'choice':
      return (
        <>
          <Choice
            label={name}
            value={value === undefined ? '' : String(value)}
            options={[['', '—'], ...shape.of.map((one): [string, string] => [one, nameOf(one)])]}
            onChange={(one) => draft.set(path, one === '' ? undefined : /^\d+$/.test(one) ? Number(one) : one)}
          />
          <Finds list={finds} />
        </>
      );
    case 'boolean':
      return (
        <label class="check">
          <input type="checkbox" checked={value === undefined ? schema.default === true : value === true} onChange={(event) => draft.set(path, event.currentTarget.checked)} /> {name}
        </label>
      );
    case 'integer':
    case 'number':
      return <NumberInput label={name} value={value} min={schema.minimum} max={schema.maximum} finds={finds} onInput={(number) => draft.set(path, number)} />;
    case 'strings':
      return <ListInput {...props} numbers={false} />;
    case 'integers':
      return <ListInput {...props} numbers />;
    case 'set':
      return <SetInput {...props} of={shape.of} />;
    case 'list':
      return <ObjectList {...props} item={shape.item} max={shape.max} />;
    case 'object':
      return <ObjectInput {...props} shape={shape} bare={props.bare === true} />;
    default:
      return null;
  }
}
