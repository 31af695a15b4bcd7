// Words of the card in all its languages side by side, and which languages it speaks.

import { signal } from '@preact/signals';
import type { Source } from './api';
import type { Draft } from './draft';
import { Finds, TextInput, findsAt } from './parts';
import { words } from './words';

const LANGUAGE = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/; // assets/template.schema.json

const newLanguage = signal('');

function setLanguages(draft: Draft, list: string[], change: (source: Source) => Partial<Source> = () => ({})): void {
  draft.edit('languages', (source) => ({ ...source, template: { ...source.template, languages: list }, ...change(source) }));
}

/** A new language begins with the words of the first, to be written over. */
function addLanguage(draft: Draft, language: string): void {
  const list = draft.languages.value;
  setLanguages(draft, [...list, language], ({ locales }) => ({ locales: { ...locales, [language]: { ...locales[list[0] ?? ''], ...locales[language] } } }));
}

/** Its words and its pictures go with it. */
function removeLanguage(draft: Draft, language: string): void {
  setLanguages(
    draft,
    draft.languages.value.filter((one) => one !== language),
    ({ locales, images }) => {
      const { [language]: _, ...others } = locales;
      return { locales: others, images: Object.fromEntries(Object.entries(images).filter(([path]) => !path.startsWith(`${language}/`))) };
    },
  );
}

function Languages({ draft }: { draft: Draft }) {
  const list = draft.languages.value;
  const wanted = newLanguage.value.trim();
  return (
    <fieldset class="local">
      <legend>{words.languages}</legend>
      <small>{words.languages_hint}</small>
      <ul class="languages">
        {list.map((language, index) => (
          <li class="bar" key={language}>
            <b>{language}</b>
            {index === 0 ? (
              <small>{words.first_language}</small>
            ) : (
              <button type="button" aria-label={`${words.make_first}: ${language}`} onClick={() => setLanguages(draft, [language, ...list.filter((one) => one !== language)])}>
                ↑
              </button>
            )}
            {list.length < 2 ? null : (
              <button type="button" aria-label={`${words.remove}: ${language}`} onClick={() => removeLanguage(draft, language)}>
                ✕
              </button>
            )}
          </li>
        ))}
      </ul>
      <form
        class="bar"
        onSubmit={(event) => {
          event.preventDefault();
          addLanguage(draft, wanted);
          newLanguage.value = '';
        }}
      >
        <TextInput label={words.new_language} value={newLanguage.value} onInput={(value) => (newLanguage.value = value)} />
        <button disabled={!LANGUAGE.test(wanted) || list.includes(wanted)}>+ {words.add_language}</button>
      </form>
      <Finds list={findsAt(draft, '/languages')} />
    </fieldset>
  );
}

const newText = signal('');

export function TextsForm({ draft }: { draft: Draft }) {
  const { locales } = draft.source.value;
  const languages = draft.languages.value;
  const keys = [...new Set(languages.flatMap((language) => Object.keys(locales[language] ?? {})))].sort();
  return (
    <div class="form">
      <Languages draft={draft} />
      <table class="texts">
        <thead>
          <tr>
            <th scope="col">{words.key}</th>
            {languages.map((language) => (
              <th scope="col" key={language}>
                {language}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key}>
              <th scope="row">
                <code>@{key}</code>
              </th>
              {languages.map((language) => (
                <td key={language}>
                  <textarea
                    rows={2}
                    lang={language}
                    aria-label={`${key}, ${language}`}
                    value={locales[language]?.[key] ?? ''}
                    onInput={(event) => draft.setText(language, key, event.currentTarget.value)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <form
        class="bar"
        onSubmit={(event) => {
          event.preventDefault();
          const key = newText.value.trim();
          if (key !== '') for (const language of languages) draft.setText(language, key, locales[language]?.[key] ?? '');
          newText.value = '';
        }}
      >
        <TextInput label={words.text_key} value={newText.value} onInput={(value) => (newText.value = value)} />
        <button>+ {words.add_text}</button>
      </form>
      <Finds list={(draft.answer.value?.findings ?? []).filter((one) => one.file.startsWith('locales/'))} />
    </div>
  );
}
