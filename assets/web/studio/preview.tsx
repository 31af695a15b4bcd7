// Both wallets' cards, drawn from what the service rendered: texts, order and colours are the
// pass's own; only where things stand on the screen is the page's work.

import { signal } from '@preact/signals';
import type { Preview, PreviewField } from './api';
import type { Draft } from './draft';
import { Choice, Finds } from './parts';
import { picture } from './drawn_picture';
import { tiersOf } from './picture_choices';
import { language, words } from './words';

const chosenLanguage = signal('');
const backShown = signal(false);
const darkAround = signal(false);
const device = signal<'phone' | 'watch'>('phone');

/** The one that was chosen; else the designer's own, if the card speaks it. */
function shownLanguage(languages: string[]): string {
  const wanted = [chosenLanguage.value, language].find((one) => languages.includes(one));
  return wanted ?? languages[0] ?? '';
}

function FieldView({ field, at, label }: { field: PreviewField; at: number; label: string }) {
  return (
    <div class={`shown ${field.align}`} data-key={field.key}>
      <i style={{ color: label }}>{field.label[at]}</i>
      <b>{field.value[at]}</b>
    </div>
  );
}

function Row({ fields, at, label, kind }: { fields: PreviewField[]; at: number; label: string; kind: string }) {
  if (fields.length === 0) return null;
  return (
    <div class={`shown-row ${kind}`}>
      {fields.map((field) => (
        <FieldView key={field.key} field={field} at={at} label={label} />
      ))}
    </div>
  );
}

interface Front {
  rows: { kind: string; fields: PreviewField[] }[]; // Below the primary fields.
  primary: PreviewField[];
  header: PreviewField[];
  hidden: PreviewField[]; // There, and not drawn.
}

const HEADER_MAX = 3;
const ROW_MAX = 4;
const BOARDING_AUXILIARY_MAX = 5;

/** What of a pass iPhones draw where (Apple reference 2.9); more than fits is silently not drawn. */
export function frontOf(style: string, fields: Preview['apple']['fields']): Front {
  const { header = [], primary = [], secondary = [], auxiliary = [], additional = [] } = fields;
  const boarding = style === 'boardingPass';
  const of = (kind: string, list: PreviewField[], most = ROW_MAX) => ({ kind, fields: list.slice(0, most) });
  let rows: Front['rows'];
  if (boarding) rows = [of('auxiliary', auxiliary, BOARDING_AUXILIARY_MAX), of('secondary', secondary)];
  else if (style === 'eventTicket') {
    const lines = [0, 1].map((line) => auxiliary.filter((field) => field.row === line));
    rows = [of('secondary', secondary), ...lines.map((line) => of('auxiliary', line))];
  } else if (style === 'generic') {
    rows = [of('secondary', secondary), of('auxiliary', auxiliary, Math.max(0, ROW_MAX - secondary.length))];
  } else rows = [of('secondary', [...secondary, ...auxiliary])];
  const front = { header: header.slice(0, HEADER_MAX), primary: primary.slice(0, boarding ? 2 : 1), rows };
  const drawn = new Set([...front.header, ...front.primary, ...rows.flatMap((row) => row.fields)]);
  const below = style === 'eventTicket' ? [] : additional;
  return { ...front, hidden: [...header, ...primary, ...secondary, ...auxiliary, ...below].filter((field) => !drawn.has(field)) };
}

function Code({ card }: { card: Preview }) {
  if (card.barcode === null) return null;
  const svg = card.barcode.qr;
  return (
    <div class="code">
      {svg === null ? (
        <div class="bars" role="img" aria-label={card.barcode.message} />
      ) : (
        <img alt={card.barcode.message} src={`data:image/svg+xml,${encodeURIComponent(svg)}`} />
      )}
      <span>{card.barcode.text}</span>
    </div>
  );
}

function Picture({ draft, slot, at, css }: { draft: Draft; slot: string; at: number; css: string }) {
  const url = picture(draft, slot, draft.shown.value?.languages[at] ?? '');
  return url === null ? null : <img class={css} src={url} alt="" />;
}

function paint(card: Preview): { style: { background: string; color: string }; label: string } {
  const color = card.colors.foreground || '#FFFFFF';
  return { style: { background: card.colors.background || '#333333', color }, label: card.colors.label || color };
}

function AppleFront({ draft, card, at }: { draft: Draft; card: Preview; at: number }) {
  const { style, label } = paint(card);
  const { fields, style: kind } = card.apple;
  const front = frontOf(kind, fields);
  const overStrip = kind === 'storeCard' || kind === 'coupon';
  return (
    <>
      <div class={`pass ${kind}`} style={style}>
        <div class="top">
          <Picture draft={draft} slot="logo" at={at} css="logo" />
          <span class="logo-text">{card.logo_text[at]}</span>
          <Row fields={front.header} at={at} label={label} kind="header" />
        </div>
        <div class={overStrip ? 'strip' : 'main'}>
          <Picture draft={draft} slot="strip" at={at} css="wide" />
          <Row fields={front.primary} at={at} label={overStrip ? style.color : label} kind="primary" />
          {kind === 'generic' ? <Picture draft={draft} slot="thumbnail" at={at} css="thumbnail" /> : null}
        </div>
        {front.rows.map((row, index) => (
          <Row key={index} fields={row.fields} at={at} label={label} kind={row.kind} />
        ))}
        <Code card={card} />
      </div>
      {front.hidden.length === 0 ? null : (
        <p class="hint hidden-fields" role="note">
          {words.not_shown} {front.hidden.map((field) => field.label[at] || field.key).join(', ')}
        </p>
      )}
    </>
  );
}

// watchOS: logo text, header, then field after field; no strip, thumbnail or back (Apple reference 2.9).
function AppleWatch({ draft, card, at }: { draft: Draft; card: Preview; at: number }) {
  const { style, label } = paint(card);
  const { fields } = card.apple;
  const all = [...(fields.primary ?? []), ...(fields.secondary ?? []), ...(fields.auxiliary ?? [])];
  return (
    <>
      <div class="watch">
        <div class="face" style={style} tabIndex={0} role="group" aria-label={words.watch}>
          <div class="top">
            <Picture draft={draft} slot="logo" at={at} css="logo" />
            <Row fields={(fields.header ?? []).slice(0, 1)} at={at} label={label} kind="header" />
          </div>
          {all.map((field) => (
            <FieldView key={field.key} field={{ ...field, align: 'natural' }} at={at} label={label} />
          ))}
          <Code card={card} />
        </div>
      </div>
      <p class="hint">{words.watch_hint}</p>
    </>
  );
}

function AppleBack({ card, at }: { card: Preview; at: number }) {
  return (
    <div class="pass back">
      {(card.apple.fields.back ?? []).map((field) => (
        <p key={field.key} data-key={field.key}>
          <b>{field.label[at]}</b>
          <br />
          {field.value[at]}
        </p>
      ))}
      {card.links.map((link) => (
        <p key={link.url}>
          <b>{link.label[at]}</b>
          <br />
          <span class="link">{link.url}</span>
        </p>
      ))}
    </div>
  );
}

const GOOGLE_ROW_MAX = 3;

/** Rows of the front: native fields stand before the texts of the first two, where there is room (google/places.cc). */
function googleRows(front: PreviewField[]): PreviewField[][] {
  const rows = [1, 2, 3].map((row) => front.filter((field) => field.front_row === row));
  const native = front.filter((field) => (field.front_row ?? 0) === 0);
  for (const row of rows.slice(0, 2)) row.unshift(...native.splice(0, Math.max(0, GOOGLE_ROW_MAX - row.length)));
  return [...rows, native].filter((row) => row.length > 0);
}

function GoogleFront({ draft, card, at }: { draft: Draft; card: Preview; at: number }) {
  if (card.google === null) return <p class="hint">{words.google_none}</p>;
  const { style } = paint(card);
  const front = card.google.fields.filter((field) => field.use !== 'details');
  return (
    <div class="pass google" style={style}>
      <div class="top">
        <Picture draft={draft} slot="google-logo" at={at} css="round" />
        <span class="issuer">{card.organization[at]}</span>
      </div>
      <p class="title">{card.logo_text[at] || card.description[at]}</p>
      {googleRows(front).map((fields, row) => (
        <div class="grid" key={row} style={{ gridTemplateColumns: `repeat(${fields.length}, minmax(0, 1fr))` }}>
          {fields.map((field) => (
            <FieldView key={field.key} field={{ ...field, align: 'natural' }} at={at} label={style.color} />
          ))}
        </div>
      ))}
      <Code card={card} />
      <Picture draft={draft} slot="google-hero" at={at} css="wide" />
    </div>
  );
}

function GoogleDetails({ card, at }: { card: Preview; at: number }) {
  const details = card.google?.fields.filter((field) => field.use === 'details') ?? [];
  return (
    <div class="pass back">
      {details.map((field) => (
        <p key={field.key} data-key={field.key}>
          <b>{field.label[at]}</b>
          <br />
          {field.value[at]}
        </p>
      ))}
    </div>
  );
}

function LockScreen({ card, at }: { card: Preview; at: number }) {
  const speaking = Object.values(card.apple.fields)
    .flat()
    .filter((field) => (field.change[at] ?? '') !== '');
  if (speaking.length === 0) return null;
  return (
    <section class="lock" aria-label={words.lock_screen}>
      <h2 class="part">{words.lock_screen}</h2>
      {speaking.map((field) => (
        <p key={field.key}>
          <b>{card.organization[at]}</b>
          <br />
          {(field.change[at] ?? '').replace('%@', field.value[at] ?? '')}
        </p>
      ))}
    </section>
  );
}

function Controls({ draft }: { draft: Draft }) {
  const { sample, stamps, tier } = draft.member.value;
  const turn = (change: Partial<typeof draft.member.value>) => draft.turnMember({ ...draft.member.value, ...change });
  const of = (draft.source.value.template.stamps as { of?: number } | undefined)?.of;
  return (
    <div class="controls">
      <Choice label={words.preview_member} value={sample} options={Object.entries(words.samples)} onChange={(value) => draft.turnMember({ ...draft.member.value, sample: value })} />
      <Choice label={words.preview_language} value={shownLanguage(draft.languages.value)} options={draft.languages.value.map((one) => [one, one])} onChange={(value) => (chosenLanguage.value = value)} />
      {draft.source.value.template.stamps === undefined ? null : (
        <div class="input">
          <label>
            <span>
              {words.preview_stamps}: {stamps ?? words.preview_tier_own}
            </span>
            <input type="range" min={0} max={of ?? 10} value={stamps ?? 7} onInput={(event) => turn({ stamps: Number(event.currentTarget.value) })} />
          </label>
        </div>
      )}
      <div class="input tier">
        <label>
          <span>{words.preview_tier}</span>
          <input
            list="tiers"
            value={tier ?? ''}
            placeholder={words.preview_tier_own}
            onInput={(event) => {
              const { tier: old, ...rest } = draft.member.value;
              const wanted = event.currentTarget.value.trim();
              draft.turnMember(wanted === '' ? rest : { ...rest, tier: wanted });
            }}
          />
        </label>
        <datalist id="tiers">
          {tiersOf(draft).map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      </div>
      <Choice label={words.preview_device} value={device.value} options={[['phone', words.phone], ['watch', words.watch]]} onChange={(value) => (device.value = value === 'watch' ? 'watch' : 'phone')} />
      <label class="check">
        <input type="checkbox" checked={backShown.value} onChange={(event) => (backShown.value = event.currentTarget.checked)} /> {words.back}
      </label>
      <label class="check">
        <input type="checkbox" checked={darkAround.value} onChange={(event) => (darkAround.value = event.currentTarget.checked)} /> {words.preview_dark}
      </label>
    </div>
  );
}

export function PreviewPane({ draft }: { draft: Draft }) {
  const card = draft.shown.value;
  const answer = draft.answer.value;
  const languages = card?.languages ?? [];
  const at = Math.max(0, languages.indexOf(shownLanguage(languages)));
  return (
    <div class={darkAround.value ? 'preview dark' : 'preview'}>
      <Controls draft={draft} />
      {card === null ? (
        <p class="hint">{words.no_preview}</p>
      ) : (
        <>
          {answer?.preview === null ? (
            <p class="error" role="status">
              {words.stale_preview}
            </p>
          ) : null}
          <div class="cards" lang={languages[at] ?? 'en'} dir="auto">
            <section aria-label={words.apple}>
              <h2 class="part">{words.apple}</h2>
              {device.value === 'watch' ? (
                <AppleWatch draft={draft} card={card} at={at} />
              ) : backShown.value ? (
                <AppleBack card={card} at={at} />
              ) : (
                <AppleFront draft={draft} card={card} at={at} />
              )}
            </section>
            <section aria-label={words.google}>
              <h2 class="part">{words.google}</h2>
              {backShown.value ? <GoogleDetails card={card} at={at} /> : <GoogleFront draft={draft} card={card} at={at} />}
            </section>
            <LockScreen card={card} at={at} />
          </div>
        </>
      )}
      <section aria-label={words.findings} class="all-finds">
        <h2 class="part">{words.findings}</h2>
        {answer === null || answer.findings.length > 0 ? <Finds list={answer?.findings ?? []} /> : <p>{words.clean}</p>}
      </section>
    </div>
  );
}
