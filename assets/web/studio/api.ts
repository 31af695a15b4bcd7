// The studio's calls of the service. Every failure is a Problem, with what to do in `detail`.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface Problem {
  status: number; // 0: the service did not answer.
  type: string;
  detail: string;
  errors: { code: string; pointer: string; detail: string }[];
}

export interface Session {
  name: string;
  roles: string[];
  variables: { name: string; meaning: string }[]; // What texts may show.
  programme: { id: string; name: string; languages: string[]; approval: 'role' | 'another_person' };
}

export interface Version {
  version: number;
  hash: string;
  percent: number;
  author: string;
  published_by: string;
  published_at: string;
  comment: string;
  withdrawal: { at: string; by: string; reason: string } | null; // The roll-back that took it from its cards.
}

export interface TemplateSummary {
  name: string;
  kind: string;
  languages: string[];
  draft: { hash: string; author: string; changed_at: string };
  live: number | null;
  canary: { version: number; percent: number } | null;
  versions: Version[];
}

// A template folder: {template, locales: {lang: {key: text}}, images: {path: base64}}.
export interface Source {
  template: JsonObject;
  locales: { [language: string]: { [key: string]: string } };
  images: { [path: string]: string };
}

export interface Finding {
  id: string;
  level: 'error' | 'warning' | 'info';
  file: string;
  pointer: string;
  cause: string;
  cure: string;
}

export interface PreviewField {
  key: string;
  group: string;
  index: number;
  label: string[];
  value: string[];
  change: string[];
  align: 'natural' | 'left' | 'center' | 'right';
  row: number;
  use?: string;
  front_row?: number;
}

export interface Preview {
  kind: string;
  languages: string[];
  organization: string[];
  description: string[];
  logo_text: string[];
  colors: { background: string; foreground: string; label: string };
  apple: { style: string; fields: { [group: string]: PreviewField[] } };
  google: { fields: PreviewField[] } | null;
  barcode: { message: string; text: string; qr: string | null } | null;
  links: { label: string[]; url: string }[];
  images: { [slot: string]: { variant: number; width: number; height: number } };
}

export interface PreviewAnswer {
  publishable: boolean;
  findings: Finding[];
  preview: Preview | null;
}

export interface Member {
  sample: string;
  stamps?: number;
  tier?: string;
}

export interface Change {
  subject: string;
  name: string;
  before: string;
  after: string;
}

interface Shown {
  label: string;
  value: string;
}

/** What publishing the stored draft changes. */
export interface Changes {
  against: number | null;
  changes: Change[];
  members: { sample: string; fields: { key: string; before: Shown | null; after: Shown | null }[] }[];
}

export interface PhoneLink {
  url: string;
  qr: string;
  link_ends: string;
  pass_ends: string;
  for_phones: boolean;
}

export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

async function ask(method: string, path: string, body?: Json | Blob, headers: Record<string, string> = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: {
        'X-Passmint-Studio': '1',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
    });
  } catch {
    throw new ProblemError({ status: 0, type: 'no_answer', detail: '', errors: [] });
  }
  if (answer.ok || answer.status === 304) return answer;
  const problem = await answer.json().catch(() => ({}));
  throw new ProblemError({
    status: answer.status,
    type: String(problem.type ?? '').replace('urn:passmint:', ''),
    detail: String(problem.detail ?? problem.title ?? answer.status),
    errors: Array.isArray(problem.errors) ? problem.errors : [],
  });
}

const template = (name: string) => `/api/v1/templates/${encodeURIComponent(name)}`;
const tagOf = (answer: Response) => (answer.headers.get('ETag') ?? '').replaceAll('"', '');
const match = (tag: string) => ({ 'If-Match': `"${tag}"` });

export async function signIn(key: string): Promise<Session> {
  return (await ask('POST', '/studio/session', { key })).json();
}

export async function signOut(): Promise<void> {
  await ask('DELETE', '/studio/session');
}

export async function session(): Promise<Session> {
  return (await ask('GET', '/studio/session')).json();
}

export async function listTemplates(): Promise<TemplateSummary[]> {
  const items: TemplateSummary[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await (await ask('GET', `/api/v1/templates?limit=200${query}`)).json();
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return items;
}

export async function getTemplate(name: string): Promise<TemplateSummary> {
  return (await ask('GET', template(name))).json();
}

interface StoredDraft {
  source: Source;
  tag: string;
}

export async function getDraft(name: string): Promise<StoredDraft> {
  const answer = await ask('GET', `${template(name)}/draft`, undefined, { Accept: 'application/json' });
  return { source: await answer.json(), tag: tagOf(answer) };
}

/** The draft, unless it is still the one of `tag`: then null. */
export async function getDraftUnless(name: string, tag: string): Promise<StoredDraft | null> {
  const answer = await ask('GET', `${template(name)}/draft`, undefined, { Accept: 'application/json', 'If-None-Match': `"${tag}"` });
  return answer.status === 304 ? null : { source: await answer.json(), tag: tagOf(answer) };
}

export async function changes(name: string): Promise<Changes> {
  return (await ask('GET', `${template(name)}/changes`)).json();
}

export async function phoneLink(name: string, sample: string): Promise<PhoneLink> {
  return (await ask('POST', `${template(name)}/draft/phone`, { sample })).json();
}

export async function draftZip(name: string): Promise<Blob> {
  return (await ask('GET', `${template(name)}/draft`, undefined, { Accept: 'application/zip' })).blob();
}

export async function versionZip(name: string, version: number): Promise<Blob> {
  return (await ask('GET', `${template(name)}/versions/${version}`)).blob();
}

/** A new template of a pass or of a zipped folder; answers with what became something else. */
export async function bringIn(name: string, archive: Blob): Promise<{ file: string; text: string }[]> {
  const answer = await ask('POST', `${template(name)}/import`, archive, { 'Content-Type': 'application/zip' });
  return (await answer.json()).notes;
}

/** A new template with all the files of another one's draft. */
export async function copyDraft(from: string, name: string): Promise<void> {
  const folder = await ask('GET', `${template(from)}/draft`, undefined, { Accept: 'application/zip' });
  await ask('PUT', `${template(name)}/draft`, await folder.blob(), { 'If-None-Match': '*', 'Content-Type': 'application/zip' });
}

// `tag`: of the draft that was changed; null: there must be none yet.
export async function putDraft(name: string, source: Source, tag: string | null): Promise<string> {
  const condition: Record<string, string> = tag === null ? { 'If-None-Match': '*' } : match(tag);
  return tagOf(await ask('PUT', `${template(name)}/draft`, source as unknown as Json, condition));
}

export async function preview(name: string, source: Source, member: Member): Promise<PreviewAnswer> {
  const { template: main, locales } = source;
  return (await ask('POST', `${template(name)}/preview`, { source: { template: main, locales }, ...member })).json();
}

export async function drawPicture(name: string, source: Source, slot: string, variant: number, language: string): Promise<Blob> {
  const { template: main, locales } = source;
  return (await ask('POST', `${template(name)}/preview/picture`, { source: { template: main, locales }, slot, variant, language })).blob();
}

export async function publish(name: string, tag: string, percent: number, comment: string): Promise<TemplateSummary> {
  const body: JsonObject = comment === '' ? { percent } : { percent, comment };
  return (await ask('POST', `${template(name)}/publish`, body, match(tag))).json();
}

export async function rollBack(name: string, tag: string, version: number | null, reason: string): Promise<TemplateSummary> {
  const body: JsonObject = version === null ? { reason } : { version, reason };
  return (await ask('POST', `${template(name)}/rollback`, body, match(tag))).json();
}
