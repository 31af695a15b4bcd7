// What the studio says, in the browser's language.

import { en } from './words_en';
import { ru, russianNames } from './words_ru';

export const language = navigator.language.toLowerCase().startsWith('ru') ? 'ru' : 'en';
export const words = language === 'ru' ? ru : en;

const abbreviations: Record<string, string> = { nfc: 'NFC', uuid: 'UUID', url: 'URL' };

/** "doors_open" as "Doors open". */
export function nameOf(key: string): string {
  const known = language === 'ru' ? russianNames[key] : abbreviations[key];
  const spaced = key.replaceAll('_', ' ');
  return known ?? spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
