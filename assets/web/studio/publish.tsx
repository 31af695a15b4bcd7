// Publishing: to all cards or as a canary, and the way back.

import { signal } from '@preact/signals';
import * as api from './api';
import type { Session, TemplateSummary, Version } from './api';
import type { Draft } from './draft';
import { type Attempt, Choice, Dialog, TextInput } from './parts';
import { Review } from './review';
import { VersionsDialog } from './versions';
import { language, words } from './words';

const dialog = signal<'' | 'publish' | 'back' | 'versions'>('');
const percent = signal('100');
const version = signal('');
const reason = signal('');
const comment = signal('');
const done = signal('');
const changes = signal<api.Changes | null>(null);
const reviewed = signal(''); // The tag of the draft that `changes` are of.

const mayPublish = (session: Session) => session.roles.includes('approver') || session.roles.includes('admin');

/** Why this person may not publish this draft; '' if they may. */
function refusal(session: Session, summary: TemplateSummary | null): string {
  if (!mayPublish(session)) return words.need_approver;
  const own = session.programme.approval === 'another_person' && summary?.draft.author === session.name;
  return own ? words.own_work : '';
}

/** Saves what is unsaved, then asks what publishing it would change. */
function startReview(draft: Draft, attempt: Attempt): void {
  changes.value = null;
  void attempt(async () => {
    await draft.flush();
    reviewed.value = draft.tag.value;
    changes.value = await api.changes(draft.name);
    draft.summary.value = await api.getTemplate(draft.name);
    dialog.value = 'publish';
  });
}

/** Somebody else may have published meanwhile. */
function openWithNews(which: 'back' | 'versions', draft: Draft, attempt: Attempt): void {
  void attempt(async () => {
    draft.summary.value = await api.getTemplate(draft.name);
    dialog.value = which;
  });
}

function PublishDialog({ draft, session, attempt }: { draft: Draft; session: Session; attempt: Attempt }) {
  const refused = refusal(session, draft.summary.value);
  return (
    <Dialog title={words.publish} wide onClose={() => (dialog.value = '')}>
      <Choice
        label={words.publish_share}
        value={percent.value}
        options={['1', '5', '10', '25', '50', '100'].map((one) => [one, one === '100' ? words.publish_all : `${words.publish_canary} ${one} %`])}
        onChange={(value) => (percent.value = value)}
      />
      {percent.value === '100' ? null : <p class="hint">{words.publish_class}</p>}
      {changes.value === null || draft.summary.value === null ? null : <Review changes={changes.value} summary={draft.summary.value} percent={Number(percent.value)} />}
      <TextInput label={words.publish_comment} value={comment.value} onInput={(value) => (comment.value = value)} />
      {refused === '' ? null : <p role="status">{refused}</p>}
      <div class="bar">
        <button
          type="button"
          class="main-action"
          disabled={refused !== '' || changes.value === null}
          onClick={() => {
            dialog.value = '';
            void attempt(async () => {
              await draft.publish(reviewed.value, Number(percent.value), comment.value.trim());
              comment.value = '';
              done.value = `${words.published} ${newest(draft.summary.value)}`;
            });
          }}
        >
          {words.confirm}
        </button>
        <button type="button" onClick={() => (dialog.value = '')}>
          {words.cancel}
        </button>
      </div>
    </Dialog>
  );
}

function newest(summary: TemplateSummary | null): number {
  return summary?.versions[0]?.version ?? 0;
}

const versionLine = (one: Version) => `${one.version} · ${one.author} · ${new Date(one.published_at).toLocaleString(language)}${one.comment === '' ? '' : ` · ${one.comment}`}`;

function BackDialog({ draft, attempt }: { draft: Draft; attempt: Attempt }) {
  const versions = draft.summary.value?.versions ?? [];
  return (
    <Dialog title={words.roll_back} onClose={() => (dialog.value = '')}>
      <Choice
        label={words.roll_back_to}
        value={version.value}
        options={[['', '—'], ...versions.slice(1).map((one): [string, string] => [String(one.version), versionLine(one)])]}
        onChange={(value) => (version.value = value)}
      />
      <TextInput label={words.reason} value={reason.value} onInput={(value) => (reason.value = value)} />
      <div class="bar">
        <button
          type="button"
          class="main-action"
          disabled={reason.value.trim() === ''}
          onClick={() => {
            dialog.value = '';
            void attempt(async () => {
              await draft.rollBack(version.value === '' ? null : Number(version.value), reason.value.trim());
              reason.value = '';
              done.value = '';
            });
          }}
        >
          {words.confirm}
        </button>
        <button type="button" onClick={() => (dialog.value = '')}>
          {words.cancel}
        </button>
      </div>
    </Dialog>
  );
}

export function PublishBar({ draft, session, attempt }: { draft: Draft; session: Session; attempt: Attempt }) {
  const summary = draft.summary.value;
  const clean = draft.answer.value?.publishable === true;
  const allowed = mayPublish(session);
  const why = !allowed ? words.need_approver : clean ? '' : words.publish_errors;
  return (
    <div class="publish">
      <small>
        {summary === null || summary.live === null ? words.not_live : `${words.live} ${summary.live}`}
        {summary?.canary ? `, ${words.canary} ${summary.canary.version} (${summary.canary.percent} %)` : ''}
      </small>
      {done.value === '' ? null : <span role="status">{done.value}</span>}
      <button type="button" disabled={(summary?.versions.length ?? 0) === 0} onClick={() => openWithNews('versions', draft, attempt)}>
        {words.versions}
      </button>
      <button type="button" disabled={!allowed || (summary?.versions.length ?? 0) === 0} onClick={() => openWithNews('back', draft, attempt)}>
        {words.roll_back}
      </button>
      <button type="button" class="main-action" title={why} disabled={!clean} onClick={() => startReview(draft, attempt)}>
        {words.publish}
      </button>
      {dialog.value === 'publish' ? <PublishDialog draft={draft} session={session} attempt={attempt} /> : null}
      {dialog.value === 'versions' && summary !== null ? <VersionsDialog summary={summary} attempt={attempt} onClose={() => (dialog.value = '')} /> : null}
      {dialog.value === 'back' ? <BackDialog draft={draft} attempt={attempt} /> : null}
    </div>
  );
}
