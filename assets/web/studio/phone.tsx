// The draft on the designer's own phone: a code that installs it with sample data.

import { signal } from '@preact/signals';
import * as api from './api';
import type { Draft } from './draft';
import { type Attempt, Choice, Dialog } from './parts';
import { language, words } from './words';

const shown = signal(false);
const sample = signal('typical');
const link = signal<api.PhoneLink | null>(null);

const time = (instant: string) => new Date(instant).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });

function Code({ made }: { made: api.PhoneLink }) {
  return (
    <>
      {made.for_phones ? null : (
        <p class="error" role="alert">
          {words.on_phone_test}
        </p>
      )}
      <img class="phone-code" alt={words.on_phone} src={`data:image/svg+xml,${encodeURIComponent(made.qr)}`} />
      <p class="hint">
        {words.on_phone_link} {time(made.link_ends)}; {words.on_phone_pass} {time(made.pass_ends)}. <a href={made.url}>{words.on_phone_open}</a>
      </p>
    </>
  );
}

export function OnMyPhone({ draft, attempt }: { draft: Draft; attempt: Attempt }) {
  const close = () => {
    shown.value = false;
    link.value = null;
  };
  return (
    <>
      <button type="button" disabled={draft.answer.value?.publishable !== true} onClick={() => (shown.value = true)}>
        {words.on_phone}
      </button>
      {!shown.value ? null : (
        <Dialog title={words.on_phone} onClose={close}>
          <p>{words.on_phone_hint}</p>
          <Choice label={words.preview_member} value={sample.value} options={Object.entries(words.samples)} onChange={(value) => (sample.value = value)} />
          {link.value === null ? null : <Code made={link.value} />}
          <div class="bar">
            <button
              type="button"
              class="main-action"
              onClick={() =>
                void attempt(async () => {
                  await draft.flush();
                  link.value = await api.phoneLink(draft.name, sample.value);
                })
              }
            >
              {words.on_phone_make}
            </button>
            <button type="button" onClick={close}>
              {words.close}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
