// What publishing changes: against the live version, for each group of phones and sample members.

import type { Change, Changes, TemplateSummary } from './api';
import { language, words } from './words';

const LISTED_MAX = 40;

function Side({ text, kind }: { text: string; kind: 'was' | 'becomes' }) {
  const color = /^#[0-9a-f]{6}$/i.test(text) ? <span class="swatch" style={{ background: text }} /> : null;
  return (
    <span class={kind}>
      <span class="hidden">{kind === 'was' ? words.was : words.becomes}: </span>
      {color}
      {text === '' ? words.nothing : text}
    </span>
  );
}

// Colours have names that the form shows; other names are the template's own.
function nameOfChange({ subject, name }: Change): string {
  const colors: Record<string, string> = { background: words.background, foreground: words.foreground, label: words.label_color };
  return subject === 'color' ? (colors[name] ?? name) : name;
}

function Row({ change }: { change: Change }) {
  return (
    <li>
      <b>{words.subjects[change.subject] ?? change.subject}</b> {nameOfChange(change)}
      <div class="sides">
        <Side text={change.before} kind="was" />
        <span aria-hidden="true">→</span>
        <Side text={change.after} kind="becomes" />
      </div>
    </li>
  );
}

/** Which share of the cards shows what after publishing to `percent`. */
export function groupsAfter(summary: TemplateSummary, percent: number): { share: number; version: number | null }[] {
  if (summary.versions.length === 0) return [{ share: 100, version: null }];
  const groups: { share: number; version: number | null }[] = [{ share: percent, version: null }];
  let reached = percent;
  for (const version of summary.versions) {
    if (version.percent <= reached) continue;
    groups.push({ share: version.percent - reached, version: version.version });
    reached = version.percent;
    if (reached === 100) break;
  }
  return groups;
}

function Phones({ summary, percent }: { summary: TemplateSummary; percent: number }) {
  return (
    <section>
      <h3>{words.phones_title}</h3>
      <ul class="groups">
        {groupsAfter(summary, percent).map((group) => (
          <li key={group.version ?? 0} class={group.version === null ? 'fresh' : ''} style={{ flexGrow: group.share }}>
            <b>{group.share} %</b> {group.version === null ? words.phones_get : `${words.phones_keep} ${group.version}`}
          </li>
        ))}
      </ul>
      <p class="hint">{words.phones_wake}</p>
    </section>
  );
}

function Members({ members }: { members: Changes['members'] }) {
  return (
    <section>
      <h3>{words.members_title}</h3>
      <ul class="members">
        {members.map((member) => (
          <li key={member.sample}>
            <b>{words.samples[member.sample] ?? member.sample}</b>
            {member.fields.length === 0 ? <small> {words.members_same}</small> : null}
            {member.fields.map((field) => (
              <div class="sides" key={field.key}>
                <Side kind="was" text={field.before === null ? '' : `${field.before.label} ${field.before.value}`} />
                <span aria-hidden="true">→</span>
                <Side kind="becomes" text={field.after === null ? '' : `${field.after.label} ${field.after.value}`} />
              </div>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Review({ changes, summary, percent }: { changes: Changes; summary: TemplateSummary; percent: number }) {
  const list = changes.changes;
  return (
    <div class="review" tabIndex={0} role="group" aria-label={words.changes_title}>
      <p class="hint">
        {words.drafted_by} {summary.draft.author}, {new Date(summary.draft.changed_at).toLocaleString(language)}
      </p>
      <Phones summary={summary} percent={percent} />
      {changes.against === null ? (
        <p>{words.changes_first}</p>
      ) : (
        <section>
          <h3>
            {words.changes_title} {changes.against}
          </h3>
          {list.length === 0 ? <p>{words.changes_none}</p> : null}
          <ul class="changes">
            {list.slice(0, LISTED_MAX).map((change) => (
              <Row key={`${change.subject} ${change.name}`} change={change} />
            ))}
          </ul>
          {list.length > LISTED_MAX ? (
            <p class="hint">
              + {list.length - LISTED_MAX} {words.changes_more}
            </p>
          ) : null}
          <Members members={changes.members} />
        </section>
      )}
    </div>
  );
}
