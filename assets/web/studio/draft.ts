// The draft that is being edited: its source, undo and redo, saving by itself, the preview.
//
// Nothing that was typed is lost: what is not saved yet also lies in the browser's storage, a save
// that fails is tried again, and a draft that somebody else has changed is never overwritten
// unasked.

import { batch, computed, signal } from '@preact/signals';
import * as api from './api';
import type { Json, JsonObject, Member, PreviewAnswer, Session, Source, TemplateSummary } from './api';

export type SaveState = 'saved' | 'unsaved' | 'saving' | 'conflict' | 'offline' | 'refused';

const SAVE_AFTER_MS = 700;
const LOOK_ELSEWHERE_MS = 1500;
const RETRY_AFTER_MS = 3000;
const HISTORY_MAX = 200;

interface Backup {
  tag: string;
  template: JsonObject;
  locales: Source['locales'];
}

export class Draft {
  readonly source = signal<Source>({ template: {}, locales: {}, images: {} });
  readonly summary = signal<TemplateSummary | null>(null);
  readonly save = signal<SaveState>('saved');
  readonly saveDetail = signal('');
  readonly answer = signal<PreviewAnswer | null>(null);
  readonly shown = signal<PreviewAnswer['preview']>(null); // The last one that could be drawn.
  readonly member = signal<Member>({ sample: 'typical' });
  readonly tag = signal('');
  readonly changedBy = signal(''); // Who else has saved this draft since it was opened, last.
  readonly canUndo = computed(() => this.position.value > 0);
  readonly canRedo = computed(() => this.position.value < this.history.value.length - 1);
  readonly languages = computed(() => {
    const list = this.source.value.template.languages;
    return Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string') : [];
  });
  // Changes whenever a picture may look different: its files, and what they are drawn on or chosen by.
  readonly pictureKey = signal(0);

  private readonly history = signal<Source[]>([]);
  private readonly position = signal(0);
  private lastEdit = '';
  private lastEditAt = 0;
  private saveTimer = 0;
  private previewTimer = 0;
  private looking = false;
  private lookAgain = false;
  private elsewhereTimer = 0;
  private busy = false;
  private closed = false;
  private storedImages: Source['images'] = {}; // As the service has them.

  /** `variables`: what texts and conditions may name. */
  constructor(
    readonly name: string,
    readonly variables: Session['variables'],
  ) {}

  async open(): Promise<void> {
    const [{ source, tag }, summary] = await Promise.all([api.getDraft(this.name), api.getTemplate(this.name)]);
    const backup = this.readBackup();
    batch(() => {
      this.tag.value = tag;
      this.summary.value = summary;
      this.start(source);
    });
    if (backup !== null) {
      this.edit('restored', (old) => ({ ...old, template: backup.template, locales: backup.locales }));
      if (backup.tag !== tag) this.save.value = 'conflict';
    }
    window.addEventListener('beforeunload', this.warn);
    this.elsewhereTimer = window.setInterval(() => void this.lookElsewhere(), LOOK_ELSEWHERE_MS);
    await this.look();
  }

  close(): void {
    this.closed = true;
    window.removeEventListener('beforeunload', this.warn);
    clearInterval(this.elsewhereTimer);
    clearTimeout(this.saveTimer);
    clearTimeout(this.previewTimer);
  }

  /** Changes the source. Edits of the same `what` that follow each other closely are undone as one. */
  edit(what: string, change: (source: Source) => Source): void {
    const next = change(this.source.value);
    const now = Date.now();
    const joins = what === this.lastEdit && now - this.lastEditAt < 1000 && this.position.value > 0;
    const kept = this.history.value.slice(0, this.position.value + (joins ? 0 : 1)).slice(-HISTORY_MAX);
    batch(() => {
      this.history.value = [...kept, next];
      this.position.value = kept.length;
      this.show(next);
    });
    this.lastEdit = what;
    this.lastEditAt = now;
  }

  editTemplate(what: string, change: (template: JsonObject) => JsonObject): void {
    this.edit(what, (source) => ({ ...source, template: change(source.template) }));
  }

  /** Sets the value at a path of keys and indexes in template.json; undefined removes it. */
  set(path: (string | number)[], value: Json | undefined): void {
    this.editTemplate(path.join('/'), (template) => put(template, path, value) as JsonObject);
  }

  setText(language: string, key: string, text: string): void {
    this.edit(`text/${language}/${key}`, (source) => ({
      ...source,
      locales: { ...source.locales, [language]: { ...source.locales[language], [key]: text } },
    }));
  }

  undo(): void {
    if (this.canUndo.value) this.travel(this.position.value - 1);
  }

  redo(): void {
    if (this.canRedo.value) this.travel(this.position.value + 1);
  }

  turnMember(member: Member): void {
    this.member.value = member;
    void this.look();
  }

  /** The other one's draft is replaced by ours. */
  async keepMine(): Promise<void> {
    const { tag } = await api.getDraft(this.name);
    this.tag.value = tag;
    await this.store();
  }

  /** Ours is dropped. */
  async takeTheirs(): Promise<void> {
    const { source, tag } = await api.getDraft(this.name);
    this.dropBackup();
    this.changedBy.value = '';
    batch(() => {
      this.tag.value = tag;
      this.save.value = 'saved';
      this.start(source);
    });
    await this.look();
  }

  /** `tag`: of what was reviewed; the draft may have gone on since, and then nothing is published. */
  async publish(tag: string, percent: number, comment: string): Promise<void> {
    this.summary.value = await api.publish(this.name, tag, percent, comment);
  }

  async rollBack(version: number | null, reason: string): Promise<void> {
    this.summary.value = await api.rollBack(this.name, this.tag.value, version, reason);
  }

  /** Saves at once what is not saved. */
  async flush(): Promise<void> {
    clearTimeout(this.saveTimer);
    if (this.save.value !== 'saved') await this.store();
  }

  // Words are kept in the browser's storage too, pictures are too large for it.
  private readonly warn = (event: Event): void => {
    if (this.source.value.images !== this.storedImages) event.preventDefault();
  };

  private start(source: Source): void {
    this.history.value = [source];
    this.position.value = 0;
    this.source.value = source;
    this.storedImages = source.images;
    this.pictureKey.value += 1;
  }

  private travel(position: number): void {
    const source = this.history.value[position];
    if (source === undefined) return;
    this.lastEdit = '';
    batch(() => {
      this.position.value = position;
      this.show(source);
    });
  }

  private show(next: Source): void {
    const before = this.source.value;
    this.source.value = next;
    if (this.save.value !== 'conflict') this.save.value = 'unsaved';
    const looks = ['colors', 'images', 'stamps'].some(
      (key) => JSON.stringify(before.template[key]) !== JSON.stringify(next.template[key]),
    );
    this.writeBackup();
    clearTimeout(this.saveTimer);
    clearTimeout(this.previewTimer);
    if (before.images !== next.images) {
      void this.store(); // Previews take the pictures from the stored draft: it looks when it is stored.
      return;
    }
    if (looks) this.pictureKey.value += 1;
    this.saveTimer = window.setTimeout(() => void this.store(), SAVE_AFTER_MS);
    void this.look();
  }

  // A folder that is kept in step, or another person, has saved the draft: while nothing of ours is
  // unsaved the page follows, and undo leads back.
  private async lookElsewhere(): Promise<void> {
    const idle = () => this.save.value === 'saved' && !this.busy && !this.closed;
    if (!idle() || document.hidden) return;
    try {
      const stored = await api.getDraftUnless(this.name, this.tag.value);
      if (stored === null || stored.tag === this.tag.value || !idle()) return;
      const { source, tag } = stored;
      const summary = await api.getTemplate(this.name);
      if (!idle()) return;
      const kept = this.history.value.slice(0, this.position.value + 1);
      batch(() => {
        this.tag.value = tag;
        this.summary.value = summary;
        this.changedBy.value = summary.draft.author;
        this.history.value = [...kept, source];
        this.position.value = kept.length;
        this.source.value = source;
        this.storedImages = source.images;
        this.pictureKey.value += 1;
      });
      this.lastEdit = '';
      await this.look();
    } catch (failure) {
      if (!(failure instanceof api.ProblemError)) throw failure;
    }
  }

  private async store(): Promise<void> {
    if (this.closed || this.save.value === 'conflict') return;
    if (this.busy) {
      clearTimeout(this.saveTimer);
      this.saveTimer = window.setTimeout(() => void this.store(), SAVE_AFTER_MS);
      return;
    }
    const source = this.source.value;
    this.busy = true;
    this.save.value = 'saving';
    try {
      this.tag.value = await api.putDraft(this.name, source, this.tag.value);
      if (source.images !== this.storedImages) {
        this.storedImages = source.images;
        this.pictureKey.value += 1;
        void this.look();
      }
      const current = this.source.value === source;
      this.save.value = current ? 'saved' : 'unsaved';
      if (current) this.dropBackup();
      else this.writeBackup();
    } catch (failure) {
      this.refuse(failure);
    } finally {
      this.busy = false;
    }
  }

  private refuse(failure: unknown): void {
    if (!(failure instanceof api.ProblemError)) throw failure;
    const { status, detail } = failure.problem;
    if (status === 412) {
      this.save.value = 'conflict';
    } else if (status === 0 || status >= 500 || status === 429) {
      this.save.value = 'offline';
      this.saveTimer = window.setTimeout(() => void this.store(), RETRY_AFTER_MS);
    } else {
      this.save.value = 'refused';
      this.saveDetail.value = failure.problem.errors[0]?.detail ?? detail;
    }
  }

  // One at a time: what was typed meanwhile is asked for once the answer is there, so that the card
  // is as fresh as the service is fast.
  private async look(): Promise<void> {
    this.lookAgain = this.looking;
    if (this.looking || this.closed) return;
    this.looking = true;
    await this.askPreview();
    this.looking = false;
    if (this.lookAgain) await this.look();
  }

  private async askPreview(): Promise<void> {
    try {
      const answer = await api.preview(this.name, this.source.value, this.member.value);
      if (this.closed) return;
      batch(() => {
        this.answer.value = answer;
        if (answer.preview !== null) this.shown.value = answer.preview;
      });
    } catch (failure) {
      if (!(failure instanceof api.ProblemError)) throw failure;
      const again = failure.problem.status === 0 || failure.problem.status >= 500;
      if (again && !this.closed) {
        this.previewTimer = window.setTimeout(() => void this.look(), RETRY_AFTER_MS);
      }
    }
  }

  private backupKey(): string {
    return `passmint-draft-${this.name}`;
  }

  private writeBackup(): void {
    const { template, locales } = this.source.value;
    const backup: Backup = { tag: this.tag.value, template, locales };
    try {
      localStorage.setItem(this.backupKey(), JSON.stringify(backup));
    } catch {
      // A full or forbidden storage: saving to the service still goes on.
    }
  }

  private readBackup(): Backup | null {
    try {
      const text = localStorage.getItem(this.backupKey());
      return text === null ? null : (JSON.parse(text) as Backup);
    } catch {
      return null;
    }
  }

  private dropBackup(): void {
    try {
      localStorage.removeItem(this.backupKey());
    } catch {
      // Then there is none either.
    }
  }
}

/** A copy of `value` with `to` at `path`; undefined removes the key or the element. */
export function put(value: Json | undefined, path: (string | number)[], to: Json | undefined): Json {
  const [head, ...rest] = path;
  if (head === undefined) return to ?? null;
  if (typeof head === 'number') {
    const list = Array.isArray(value) ? [...value] : [];
    if (rest.length === 0 && to === undefined) list.splice(head, 1);
    else list[head] = put(list[head], rest, to);
    return list;
  }
  const object: JsonObject = isObject(value) ? { ...value } : {};
  if (rest.length === 0 && to === undefined) delete object[head];
  else object[head] = put(object[head], rest, to);
  return object;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textAt(object: Json | undefined, key: string): string {
  const value = isObject(object) ? object[key] : undefined;
  return typeof value === 'string' ? value : '';
}

export function listAt(object: Json | undefined, key: string): JsonObject[] {
  const value = isObject(object) ? object[key] : undefined;
  return Array.isArray(value) ? value.filter(isObject) : [];
}
