// What was published: who drew it, who let it out, when and why; each version can be taken out.

import * as api from './api';
import type { TemplateSummary } from './api';
import { type Attempt, Dialog } from './parts';
import { language, words } from './words';

function download(name: string, version: number): Promise<void> {
  return api.versionZip(name, version).then((zip) => {
    const url = URL.createObjectURL(zip);
    Object.assign(document.createElement('a'), { href: url, download: `${name}-${version}.zip` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  });
}

/** The share of cards that shows each version: of those that reach a card the newest wins. */
function shares(summary: TemplateSummary): number[] {
  let reached = 0;
  return summary.versions.map((one) => {
    const share = Math.max(0, one.percent - reached);
    reached = Math.max(reached, one.percent);
    return share;
  });
}

export function VersionsDialog({ summary, attempt, onClose }: { summary: TemplateSummary; attempt: Attempt; onClose: () => void }) {
  const shown = shares(summary);
  return (
    <Dialog title={words.versions} wide onClose={onClose}>
      <ol class="versions" reversed tabIndex={0} aria-label={words.versions}>
        {summary.versions.map((one, index) => (
          <li key={one.version} value={one.version}>
            <b>{shown[index] === 0 ? words.shown_to_none : `${words.shown_to} ${shown[index]} %`}</b>
            <div>
              {words.drafted_by} {one.author} · {words.published_by} {one.published_by} · {new Date(one.published_at).toLocaleString(language)}
            </div>
            {one.comment === '' ? null : <q>{one.comment}</q>}
            {one.withdrawal === null ? null : (
              <div class="withdrawal">
                {words.withdrawn_by} {one.withdrawal.by} · {new Date(one.withdrawal.at).toLocaleString(language)}
                <q>{one.withdrawal.reason}</q>
              </div>
            )}
            <button type="button" aria-label={`${words.take_out} ${one.version}`} onClick={() => void attempt(() => download(summary.name, one.version))}>
              {words.take_out}
            </button>
          </li>
        ))}
      </ol>
      <div class="bar">
        <button type="button" onClick={onClose}>
          {words.close}
        </button>
      </div>
    </Dialog>
  );
}
