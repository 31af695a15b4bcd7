// The studio: sign in, choose a template, edit it and see both wallets' cards at once, publish it.

import './studio.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import * as api from './api';
import type { Session, TemplateSummary } from './api';
import { Draft, type SaveState } from './draft';
import { BringIn, TakeOut } from './bring';
import { CardForm, CodeForm, FieldsForm, PlacesForm } from './forms';
import { JsonForm } from './json_form';
import { MoreForm } from './more';
import { Choice, TextInput } from './parts';
import { PicturesForm } from './pictures';
import { PreviewPane } from './preview';
import { OnMyPhone } from './phone';
import { PublishBar } from './publish';
import { TextsForm } from './texts';
import { language, words } from './words';

type Signed = 'unknown' | 'no' | Session;

const signed = signal<Signed>('unknown');
const templates = signal<TemplateSummary[]>([]);
const open = signal<Draft | null>(null);
const failure = signal('');

function explain({ status, type, detail }: api.Problem): string {
  const known = words.problems[type];
  if (status === 0) return words.offline;
  return known === undefined ? detail : `${known} (${detail})`;
}

/** Runs `work`; what goes wrong stands on the page. */
async function attempt(work: () => Promise<void>): Promise<void> {
  failure.value = '';
  try {
    await work();
  } catch (problem) {
    if (!(problem instanceof api.ProblemError)) throw problem;
    if (problem.problem.status === 401 && signed.value !== 'no') signed.value = 'no';
    else failure.value = explain(problem.problem);
  }
}

async function showList(): Promise<void> {
  await open.value?.flush();
  open.value?.close();
  open.value = null;
  templates.value = await api.listTemplates();
}

async function openTemplate(name: string): Promise<void> {
  const draft = new Draft(name, typeof signed.value === 'string' ? [] : signed.value.variables);
  await draft.open();
  open.value = draft;
}

const typedKey = signal('');

function SignIn() {
  return (
    <main class="sign-in">
      <h1>Passmint {words.studio}</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(async () => {
            signed.value = await api.signIn(typedKey.value.trim());
            typedKey.value = '';
            await showList();
          });
        }}
      >
        <div class="input">
          <label>
            <span>{words.api_key}</span>
            <input type="password" autocomplete="current-password" value={typedKey.value} onInput={(event) => (typedKey.value = event.currentTarget.value)} />
          </label>
        </div>
        <button class="main-action">{words.sign_in}</button>
      </form>
      <p class="hint">{words.sign_in_hint}</p>
      <Failure />
    </main>
  );
}

function Failure() {
  return failure.value === '' ? null : (
    <p class="error" role="alert">
      {failure.value}
    </p>
  );
}

function state(template: TemplateSummary): string {
  const live = template.live === null ? words.not_live : `${words.live} ${template.live}`;
  const waits = template.versions[0] !== undefined && template.versions[0].hash !== template.draft.hash;
  if (waits) return `${live} · ${words.waiting}`;
  return template.canary === null ? live : `${live}, ${words.canary} ${template.canary.version} (${template.canary.percent} %)`;
}

const newName = signal('');
const newFrom = signal('');

function NewTemplate() {
  const from = newFrom.value || templates.value[0]?.name || '';
  return (
    <form
      class="boxed form"
      onSubmit={(event) => {
        event.preventDefault();
        void attempt(async () => {
          await api.copyDraft(from, newName.value.trim());
          await openTemplate(newName.value.trim());
          newName.value = '';
        });
      }}
    >
      <h2>{words.new_template}</h2>
      <TextInput label={words.new_name} value={newName.value} onInput={(value) => (newName.value = value)} />
      <Choice label={words.new_from} value={from} options={templates.value.map((one) => [one.name, one.name])} onChange={(value) => (newFrom.value = value)} />
      <button class="main-action" disabled={newName.value.trim() === '' || from === ''}>
        {words.create}
      </button>
    </form>
  );
}

function TemplateList() {
  return (
    <main class="list">
      <h1>{words.templates}</h1>
      <Failure />
      {templates.value.length === 0 ? <p>{words.no_templates}</p> : null}
      <ul class="templates">
        {templates.value.map((template) => (
          <li key={template.name}>
            <button type="button" onClick={() => void attempt(() => openTemplate(template.name))}>
              <b>{template.name}</b>
              <span>
                {words.kinds[template.kind] ?? template.kind} · {template.languages.join(', ')}
              </span>
              <small>{state(template)}</small>
            </button>
          </li>
        ))}
      </ul>
      <div class="starts">
        <NewTemplate />
        <BringIn attempt={attempt} open={openTemplate} />
      </div>
    </main>
  );
}

const FORMS = [
  ['card', CardForm],
  ['fields', FieldsForm],
  ['pictures', PicturesForm],
  ['texts', TextsForm],
  ['code', CodeForm],
  ['places', PlacesForm],
  ['more', MoreForm],
  ['json', JsonForm],
] as const;
type FormName = (typeof FORMS)[number][0];
const shownForm = signal<FormName>('card');

// Arrows, Home and End move between tabs; Tab leads into the form (WAI-ARIA, tabs pattern).
function onTabKey(event: KeyboardEvent): void {
  const names = FORMS.map(([name]) => name);
  const at = names.indexOf(shownForm.value);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: names.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const name = names[(to + names.length) % names.length];
  if (name === undefined) return;
  shownForm.value = name;
  document.getElementById(`tab-${name}`)?.focus();
}

function Tabs() {
  return (
    <div class="tabs" role="tablist" onKeyDown={onTabKey}>
      {FORMS.map(([name]) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={shownForm.value === name}
          tabIndex={shownForm.value === name ? 0 : -1}
          aria-controls="form"
          onClick={() => (shownForm.value = name)}
        >
          {words[name]}
        </button>
      ))}
    </div>
  );
}

const SAVE_WORDS: Record<SaveState, string> = {
  saved: words.saved,
  unsaved: words.unsaved,
  saving: words.saving,
  conflict: '',
  offline: words.unsaved,
  refused: words.not_saved,
};

function SaveNote({ draft }: { draft: Draft }) {
  const save = draft.save.value;
  return (
    <span class={`save ${save}`} role="status">
      {SAVE_WORDS[save]} {save === 'refused' ? draft.saveDetail.value : ''}
    </span>
  );
}

function Trouble({ draft }: { draft: Draft }) {
  if (draft.save.value === 'offline') {
    return (
      <p class="error" role="alert">
        {words.offline}
      </p>
    );
  }
  if (draft.save.value !== 'conflict') return null;
  return (
    <div class="error" role="alert">
      <p>{words.conflict}</p>
      <button type="button" onClick={() => void attempt(() => draft.keepMine())}>
        {words.keep_mine}
      </button>{' '}
      <button type="button" onClick={() => void attempt(() => draft.takeTheirs())}>
        {words.take_theirs}
      </button>
    </div>
  );
}

function Editor({ draft, session }: { draft: Draft; session: Session }) {
  const Form = FORMS.find(([name]) => name === shownForm.value)?.[1] ?? CardForm;
  return (
    <main
      class="editor"
      onKeyDown={(event) => {
        if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
        event.preventDefault();
        if (event.shiftKey) draft.redo();
        else draft.undo();
      }}
    >
      <div class="toolbar">
        <button type="button" onClick={() => void attempt(showList)}>
          ← {words.back_to_list}
        </button>
        <h1>{draft.name}</h1>
        <button type="button" disabled={!draft.canUndo.value} onClick={() => draft.undo()}>
          {words.undo}
        </button>
        <button type="button" disabled={!draft.canRedo.value} onClick={() => draft.redo()}>
          {words.redo}
        </button>
        <SaveNote draft={draft} />
        {draft.changedBy.value === '' ? null : (
          <small role="status">
            {words.changed_elsewhere} {draft.changedBy.value}
          </small>
        )}
        <TakeOut draft={draft} attempt={attempt} />
        <OnMyPhone draft={draft} attempt={attempt} />
        <PublishBar draft={draft} session={session} attempt={attempt} />
      </div>
      <datalist id="variables">
        {session.variables.map((one) => (
          <option key={one.name} value={`{{${one.name}}}`}>
            {one.meaning}
          </option>
        ))}
      </datalist>
      <Failure />
      <Trouble draft={draft} />
      <div class="panes">
        <div class="edit">
          <Tabs />
          <div id="form" role="tabpanel" aria-labelledby={`tab-${shownForm.value}`}>
            <Form draft={draft} />
          </div>
        </div>
        <PreviewPane draft={draft} />
      </div>
    </main>
  );
}

function Studio() {
  if (signed.value === 'unknown') return <Failure />;
  if (signed.value === 'no') return <SignIn />;
  const session = signed.value;
  return (
    <>
      <header class="who">
        <span>
          <b>{session.programme.name}</b> · {session.name}
        </span>
        <button
          type="button"
          class="plain"
          onClick={() =>
            void attempt(async () => {
              await open.value?.flush();
              await api.signOut();
              open.value = null;
              signed.value = 'no';
            })
          }
        >
          {words.sign_out}
        </button>
      </header>
      {open.value === null ? <TemplateList /> : <Editor draft={open.value} session={session} />}
    </>
  );
}

document.documentElement.lang = language;
// A file that is dropped beside its place would be opened by the browser, in the studio's stead.
for (const name of ['dragover', 'drop']) document.addEventListener(name, (event) => event.preventDefault());
const root = document.getElementById('studio');
if (root !== null) render(<Studio />, root);
void attempt(async () => {
  try {
    signed.value = await api.session();
  } catch (problem) {
    if (!(problem instanceof api.ProblemError) || problem.problem.status !== 401) throw problem;
    signed.value = 'no';
    return;
  }
  await showList();
});
