// Keys that go to Apple or Google as they are: known ones from a list, with what they are for, others by name.

import { signal } from '@preact/signals';
import type { Json } from './api';
import { type Draft, isObject } from './draft';
import { NATIVE_BLOCKS, NATIVE_KINDS, type NativeBlock, type NativeKind, firstValue, kindOf } from './native_keys';
import { Choice, Finds, LocalText, NumberInput, TextInput, findsAt } from './parts';
import { words } from './words';

const OTHER = '…';
// By block: which known key is to be added, or the name and kind of another one.
const chosen = signal<{ [block: string]: { key: string; name: string; kind: NativeKind } }>({});
// JSON that is being typed and may be unfinished, by pointer.
const typed = signal<{ [pointer: string]: string }>({});

function JsonValue({ draft, path, name }: { draft: Draft; path: string[]; name: string }) {
  const pointer = `/${path.join('/')}`;
  const text = typed.value[pointer] ?? JSON.stringify(valueAt(draft, path), null, 1);
  let broken = '';
  try {
    JSON.parse(text);
  } catch (failure) {
    broken = String(failure instanceof Error ? failure.message : failure);
  }
  return (
    <div class="input">
      <label>
        <span>{name}</span>
        <textarea
          class="json short"
          rows={4}
          spellcheck={false}
          value={text}
          aria-invalid={broken !== ''}
          onInput={(event) => {
            const next = event.currentTarget.value;
            typed.value = { ...typed.value, [pointer]: next };
            try {
              draft.set(path, JSON.parse(next) as Json);
            } catch {
              // It stands below, and the draft keeps what could be read last.
            }
          }}
          onBlur={() => {
            if (broken !== '') return;
            const { [pointer]: _, ...others } = typed.value;
            typed.value = others;
          }}
        />
      </label>
      {broken === '' ? null : (
        <p class="error" role="alert">
          {words.json_broken} {broken}
        </p>
      )}
      <Finds list={findsAt(draft, pointer)} />
    </div>
  );
}

function blockAt(draft: Draft, path: string[]): { [key: string]: Json } {
  let block: Json | undefined = draft.source.value.template;
  for (const step of path) block = isObject(block) ? block[step] : undefined;
  return isObject(block) ? block : {};
}

function valueAt(draft: Draft, path: string[]): Json | undefined {
  return blockAt(draft, path.slice(0, -1))[path[path.length - 1] ?? ''];
}

function ValueInput({ draft, block, name }: { draft: Draft; block: NativeBlock; name: string }) {
  const path = [...block.path, name];
  const value = valueAt(draft, path);
  const known = block.known.find((one) => one.key === name);
  const kind = known !== undefined && known.kind !== 'json' && fits(known.kind, value) ? known.kind : kindOf(value);
  const finds = findsAt(draft, `/${path.join('/')}`);
  switch (kind) {
    case 'text':
      return <LocalText draft={draft} label={name} path={path} value={typeof value === 'string' ? value : ''} />;
    case 'number':
      return <NumberInput label={name} value={value} finds={finds} onInput={(number) => draft.set(path, number ?? 0)} />;
    case 'yes_no':
      return (
        <>
          <label class="check">
            <input type="checkbox" checked={value === true} onChange={(event) => draft.set(path, event.currentTarget.checked)} /> {name}
          </label>
          <Finds list={finds} />
        </>
      );
    case 'choice': {
      const of = known?.of ?? [];
      const at = of.find((one) => JSON.stringify(one.value) === JSON.stringify(value));
      const options = of.map((one): [string, string] => [one.text, one.text]);
      return (
        <>
          <Choice label={name} value={at?.text ?? ''} options={at === undefined ? [['', '—'], ...options] : options} onChange={(text) => draft.set(path, of.find((one) => one.text === text)?.value)} />
          <Finds list={finds} />
        </>
      );
    }
    default:
      return <JsonValue draft={draft} path={path} name={name} />;
  }
}

// A known key may hold what its input cannot show: it was typed as JSON.
const fits = (kind: NativeKind, value: Json | undefined) => kind === 'choice' || kind === kindOf(value);

function AddKey({ draft, block, used }: { draft: Draft; block: NativeBlock; used: string[] }) {
  const id = block.path.join('/');
  const free = block.known.filter((one) => !used.includes(one.key));
  const first = free[0]?.key ?? OTHER;
  const at = chosen.value[id] ?? { key: first, name: '', kind: 'text' as const };
  const key = at.key === OTHER || free.some((one) => one.key === at.key) ? at.key : first;
  const known = free.find((one) => one.key === key);
  const name = known === undefined ? at.name.trim() : known.key;
  const turn = (change: Partial<typeof at>) => (chosen.value = { ...chosen.value, [id]: { ...at, key, ...change } });
  return (
    <form
      class="form add-key"
      onSubmit={(event) => {
        event.preventDefault();
        if (name === '' || used.includes(name)) return;
        draft.set([...block.path, name], known === undefined ? firstValue(at.kind, []) : firstValue(known.kind, known.of));
        turn({ key: first, name: '' });
      }}
    >
      <Choice label={words.native_add} hiddenLabel={block.title} value={key} options={[...free.map((one): [string, string] => [one.key, one.key]), [OTHER, words.native_other]]} onChange={(to) => turn({ key: to })} />
      {known === undefined ? (
        <div class="pair">
          <TextInput label={words.key} value={at.name} onInput={(to) => turn({ name: to })} />
          <Choice label={words.type} value={at.kind} options={NATIVE_KINDS} onChange={(to) => turn({ kind: to as NativeKind })} />
        </div>
      ) : (
        <small>{known.about}</small>
      )}
      <button disabled={name === '' || used.includes(name)}>
        + {words.add}
        <span class="hidden">: {block.title}</span>
      </button>
    </form>
  );
}

/** Removes a key, and the blocks that are empty without it. */
function remove(draft: Draft, path: string[]): void {
  const parent = path.slice(0, -1);
  const last = parent.length > 0 && Object.keys(blockAt(draft, parent)).length <= 1;
  if (last) remove(draft, parent);
  else draft.set(path, undefined);
}

export function NativeForm({ draft }: { draft: Draft }) {
  return (
    <>
      {NATIVE_BLOCKS.map((block) => {
        const keys = Object.keys(blockAt(draft, block.path));
        return (
          <fieldset class="local native" key={block.title}>
            <legend>{block.title}</legend>
            <small>{block.about}</small>
            {keys.map((name) => (
              <div class="form boxed" key={name}>
                <ValueInput draft={draft} block={block} name={name} />
                <div class="bar">
                  <small class="grow">{block.known.find((one) => one.key === name)?.about}</small>
                  <button type="button" aria-label={`${words.remove}: ${name}`} onClick={() => remove(draft, [...block.path, name])}>
                    ✕ {words.remove}
                  </button>
                </div>
              </div>
            ))}
            <Finds list={findsAt(draft, `/${block.path.join('/')}`).filter((one) => !keys.some((name) => `${one.pointer}/`.startsWith(`/${block.path.join('/')}/${name}/`)))} />
            <AddKey draft={draft} block={block} used={keys} />
          </fieldset>
        );
      })}
    </>
  );
}
