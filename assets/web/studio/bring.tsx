// Bringing templates in, as passes or folders of others, and taking them out as a zip.

import { signal } from '@preact/signals';
import * as api from './api';
import type { Draft } from './draft';
import { type Attempt, TextInput } from './parts';
import { words } from './words';

const name = signal('');
const chosen = signal<File | null>(null);
const brought = signal<{ name: string; notes: { file: string; text: string }[] } | null>(null);

/** "summer-card" of "Summer Card.pkpass". */
function nameOf(file: File): string {
  return file.name
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function take(file: File | undefined): void {
  if (file === undefined) return;
  chosen.value = file;
  if (name.value === '') name.value = nameOf(file);
}

export function BringIn({ attempt, open }: { attempt: Attempt; open: (name: string) => Promise<void> }) {
  return (
    <form
      class="boxed form drop"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        take(event.dataTransfer?.files[0]);
      }}
      onSubmit={(event) => {
        event.preventDefault();
        const file = chosen.value;
        if (file === null) return;
        void attempt(async () => {
          const wanted = name.value.trim();
          brought.value = { name: wanted, notes: await api.bringIn(wanted, file) };
          chosen.value = null;
          name.value = '';
        });
      }}
    >
      <h2>{words.bring_in}</h2>
      <div class="input">
        <label>
          <span>{words.bring_in_hint}</span>
          <input type="file" accept=".pkpass,.zip,.pkpasstemplate" onChange={(event) => take(event.currentTarget.files?.[0])} />
        </label>
      </div>
      <TextInput label={words.bring_in_name} value={name.value} onInput={(value) => (name.value = value)} />
      <button class="main-action" disabled={chosen.value === null || name.value.trim() === ''}>
        {words.bring_in}
        {chosen.value === null ? '' : `: ${chosen.value.name}`}
      </button>
      {brought.value === null ? null : (
        <div role="status">
          {brought.value.notes.length === 0 ? null : <h3>{words.bring_in_notes}</h3>}
          <ul class="notes">
            {brought.value.notes.map((note, index) => (
              <li key={index}>
                <code>{note.file}</code> {note.text}
              </li>
            ))}
          </ul>
          <button
            type="button"
            onClick={() =>
              void attempt(async () => {
                await open(brought.value?.name ?? '');
                brought.value = null;
              })
            }
          >
            {words.bring_in_open}
          </button>
        </div>
      )}
    </form>
  );
}

export function TakeOut({ draft, attempt }: { draft: Draft; attempt: Attempt }) {
  return (
    <button
      type="button"
      onClick={() =>
        void attempt(async () => {
          await draft.flush();
          const url = URL.createObjectURL(await api.draftZip(draft.name));
          const link = Object.assign(document.createElement('a'), { href: url, download: `${draft.name}.zip` });
          link.click();
          setTimeout(() => URL.revokeObjectURL(url), 10_000);
        })
      }
    >
      {words.take_out}
    </button>
  );
}
