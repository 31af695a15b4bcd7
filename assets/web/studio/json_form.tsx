// template.json as text, with suggestions from its schema.

import { signal } from '@preact/signals';
import type { JsonObject } from './api';
import { type Suggestion, suggest } from './completion';
import type { Draft } from './draft';
import { words } from './words';

const typedText = signal<string | null>(null);
const problem = signal('');
const suggestions = signal<Suggestion[]>([]);
const active = signal(0);

function change(draft: Draft, next: string): void {
  typedText.value = next;
  try {
    const parsed: unknown = JSON.parse(next);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Error('{ … }');
    problem.value = '';
    draft.editTemplate('json', () => parsed as JsonObject);
  } catch (failure) {
    problem.value = String(failure instanceof Error ? failure.message : failure);
  }
}

function insert(draft: Draft, area: HTMLTextAreaElement, one: Suggestion): void {
  const { place } = suggest(area.value, area.selectionStart);
  let end = area.selectionStart;
  if (area.value[place.start] === '"' && area.value[end] === '"') end += 1;
  const text = place.wants === 'key' && !/^\s*:/.test(area.value.slice(end)) ? `${one.text}: ` : one.text;
  const next = area.value.slice(0, place.start) + text + area.value.slice(end);
  area.value = next;
  area.selectionStart = area.selectionEnd = place.start + text.length;
  suggestions.value = [];
  area.focus();
  change(draft, next);
}

function onKey(draft: Draft, event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }): void {
  const area = event.currentTarget;
  const list = suggestions.value;
  if (event.key === ' ' && event.ctrlKey) {
    event.preventDefault();
    suggestions.value = suggest(area.value, area.selectionStart).list;
    active.value = 0;
    return;
  }
  if (list.length === 0) return;
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step !== 0) {
    event.preventDefault();
    active.value = (active.value + step + list.length) % list.length;
  } else if (event.key === 'Enter' || event.key === 'Tab') {
    const one = list[active.value];
    if (one === undefined) return;
    event.preventDefault();
    insert(draft, area, one);
  } else if (event.key === 'Escape') {
    event.preventDefault();
    suggestions.value = [];
  }
}

export function JsonForm({ draft }: { draft: Draft }) {
  const text = typedText.value ?? JSON.stringify(draft.source.value.template, null, 2);
  const list = suggestions.value;
  return (
    <div class="form">
      <p class="hint">
        {words.json_hint} {words.complete_hint}
      </p>
      <textarea
        class="json"
        id="json-text"
        aria-label="template.json"
        aria-autocomplete="list"
        aria-controls="json-suggestions"
        aria-activedescendant={list.length > 0 ? `suggestion-${active.value}` : undefined}
        spellcheck={false}
        value={text}
        aria-invalid={problem.value !== ''}
        onInput={(event) => {
          const area = event.currentTarget;
          change(draft, area.value);
          const found = suggest(area.value, area.selectionStart);
          const begun = area.value[found.place.start] === '"' && found.place.start < area.selectionStart;
          suggestions.value = begun ? found.list : [];
          active.value = 0;
        }}
        onKeyDown={(event) => onKey(draft, event)}
        onBlur={() => {
          suggestions.value = [];
          if (problem.value === '') typedText.value = null;
        }}
      />
      <ul id="json-suggestions" class="suggestions" role="listbox" aria-label={words.completions} hidden={list.length === 0}>
        {list.map((one, index) => (
          <li
            key={one.text}
            id={`suggestion-${index}`}
            role="option"
            aria-selected={index === active.value}
            onMouseDown={(event) => {
              event.preventDefault();
              const area = document.getElementById('json-text');
              if (area instanceof HTMLTextAreaElement) insert(draft, area, one);
            }}
          >
            <code>{one.text}</code> <small>{one.about}</small>
          </li>
        ))}
      </ul>
      {problem.value === '' ? null : (
        <p class="error" role="alert">
          {words.json_broken} {problem.value}
        </p>
      )}
    </div>
  );
}
