// Small parts that all forms share.

import type { ComponentChildren } from 'preact';
import type { Finding, Json, JsonObject } from './api';
import { type Draft, isObject, listAt, put, textAt } from './draft';
import { inRussian } from './findings_ru';
import { language, words } from './words';

/** Runs work; what goes wrong stands on the page. */
export type Attempt = (work: () => Promise<void>) => Promise<void>;

const sentence = (text: string) => (/[.!?:]$/.test(text) || text === '' ? text : `${text}.`);

function FindingText({ finding }: { finding: Finding }) {
  const translated = language === 'ru' ? inRussian(finding) : null;
  const { cause, cure } = translated ?? finding;
  return (
    <>
      {sentence(cause)} {sentence(cure)}
      {translated === null || translated.exact ? null : (
        <small lang="en">
          {' '}
          {sentence(finding.cause)} {sentence(finding.cure)}
        </small>
      )}
    </>
  );
}

export function Finds({ list }: { list: Finding[] }) {
  if (list.length === 0) return null;
  return (
    <ul class="finds">
      {list.map((finding) => (
        <li class={finding.level} key={finding.id + finding.pointer + finding.cause}>
          <strong>{words.levels[finding.level] ?? finding.level} {finding.id}</strong> <FindingText finding={finding} />
          {finding.pointer === '' ? null : <code> {finding.pointer}</code>}
        </li>
      ))}
    </ul>
  );
}

/** What was found at a pointer of template.json or below it. */
export function findsAt(draft: Draft, pointer: string): Finding[] {
  const all = draft.answer.value?.findings ?? [];
  return all.filter((one) => one.pointer === pointer || one.pointer.startsWith(`${pointer}/`));
}

function Hidden({ text }: { text: string | undefined }) {
  return text === undefined ? null : <span class="hidden">: {text}</span>;
}

export function TextInput(props: {
  label: string;
  hiddenLabel?: string | undefined; // Told to screen readers beside the label.
  value: string;
  onInput: (value: string) => void;
  finds?: Finding[];
  lines?: number;
  list?: string;
}) {
  const { label, value, onInput, finds = [], lines = 1 } = props;
  const wrong = finds.some((one) => one.level === 'error');
  return (
    <div class="input">
      <label>
        <span>
          {label}
          <Hidden text={props.hiddenLabel} />
        </span>
        {lines > 1 ? (
          <textarea rows={lines} value={value} aria-invalid={wrong} onInput={(event) => onInput(event.currentTarget.value)} />
        ) : (
          <input
            value={value}
            list={props.list}
            aria-invalid={wrong}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
        )}
      </label>
      <Finds list={finds} />
    </div>
  );
}

/** Keeps what is typed ("-", "55.") and hands on what is a number; undefined: nothing is. */
export function NumberInput(props: { label: string; value: Json | undefined; min?: number | undefined; max?: number | undefined; finds: Finding[]; onInput: (value: number | undefined) => void }) {
  return (
    <div class="input">
      <label>
        <span>{props.label}</span>
        <input
          type="number"
          step="any"
          min={props.min}
          max={props.max}
          value={typeof props.value === 'number' ? String(props.value) : ''}
          onInput={(event) => {
            const number = event.currentTarget.valueAsNumber;
            props.onInput(Number.isFinite(number) ? number : undefined);
          }}
        />
      </label>
      <Finds list={props.finds} />
    </div>
  );
}

export function Choice(props: { label: string; hiddenLabel?: string | undefined; value: string; options: [string, string][]; onChange: (value: string) => void }) {
  return (
    <div class="input">
      <label>
        <span>
          {props.label}
          <Hidden text={props.hiddenLabel} />
        </span>
        <select value={props.value} onChange={(event) => props.onChange(event.currentTarget.value)}>
          {props.options.map(([value, text]) => (
            <option value={value} key={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

let shown: HTMLDialogElement | null = null;

// The browser keeps the keyboard inside, hides the rest from screen readers, and gives the focus back
// to whoever opened it.
function showModal(dialog: HTMLDialogElement | null): void {
  if (dialog === null) shown?.close();
  else if (!dialog.open) dialog.showModal();
  shown = dialog;
}

export function Dialog(props: { title: string; wide?: boolean; children: ComponentChildren; onClose: () => void }) {
  return (
    <dialog
      ref={showModal}
      class={props.wide ? 'dialog wide' : 'dialog'}
      aria-label={props.title}
      onCancel={(event) => {
        event.preventDefault(); // Escape: the page takes it away, not the browser.
        props.onClose();
      }}
    >
      <h2>{props.title}</h2>
      {props.children}
    </dialog>
  );
}

// A name for the locales: what the text is of, and not used for another one yet.
function newKey(draft: Draft, path: (string | number)[]): string {
  const { template, locales } = draft.source.value;
  const [part, group, index, ...rest] = path;
  const field = part === 'fields' ? listAt(isObject(template.fields) ? template.fields : {}, String(group))[Number(index)] : undefined;
  const base = (field === undefined ? path : [textAt(field, 'key'), ...rest]).join('_') || 'text';
  const used = (key: string) => Object.values(locales).some((texts) => key in texts);
  let key = base;
  for (let number = 2; used(key); ++number) key = `${base}_${number}`;
  return key;
}

/** The text in all languages: "@key" in its place, and the words in every locale. */
function translate(draft: Draft, path: (string | number)[], value: string): void {
  const key = value.startsWith('@') && !value.startsWith('@@') ? value.slice(1) : newKey(draft, path);
  const words = value === `@${key}` ? '' : value.replace(/^@@/, '@');
  draft.edit(`translate/${key}`, (source) => ({
    ...source,
    template: put(source.template, path, `@${key}`) as JsonObject,
    locales: Object.fromEntries(draft.languages.value.map((language) => [language, { ...source.locales[language], [key]: words }])),
  }));
}

/**
 * A text of the template in every language at once: a template says "@key" and the locales hold
 * the words. A text without "@" is the same in all languages and is edited as one. With `empty`
 * "remove" nothing typed is nothing said.
 */
export function LocalText(props: { draft: Draft; label: string; path: (string | number)[]; value: string; lines?: number; empty?: 'keep' | 'remove' }) {
  const { draft, path, value } = props;
  const finds = findsAt(draft, `/${path.join('/')}`);
  const key = value.startsWith('@') && !value.startsWith('@@') ? value.slice(1) : '';
  const known = key !== '' && Object.values(draft.source.value.locales).some((texts) => key in texts);
  if (!known) {
    return (
      <div class="literal">
        <TextInput
          label={props.label}
          value={value}
          finds={finds}
          lines={props.lines ?? 1}
          list="variables"
          onInput={(text) => draft.set(path, text === '' && props.empty === 'remove' ? undefined : text)}
        />
        {value === '' || value === '@' || draft.languages.value.length < 2 ? null : (
          <button type="button" class="plain" onClick={() => translate(draft, path, value)}>
            {words.translate}
            <span class="hidden">: {props.label}</span>
          </button>
        )}
      </div>
    );
  }
  return (
    <fieldset class="local by-language">
      <legend>
        {props.label} <code>{value}</code>
      </legend>
      {draft.languages.value.map((language) => (
        <TextInput
          key={language}
          label={language}
          value={draft.source.value.locales[language]?.[key] ?? ''}
          lines={props.lines ?? 1}
          onInput={(text) => draft.setText(language, key, text)}
        />
      ))}
      <Finds list={finds} />
    </fieldset>
  );
}
