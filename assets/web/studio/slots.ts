// The slots of pictures of both wallets: their sizes, which cards show them, what of them is sure to be seen.

import type { JsonObject } from './api';
import { isObject } from './draft';
import { words } from './words';

export interface Slot {
  name: string;
  width: number; // Pixels at the sharpest scale (Apple reference 3.1, Google reference 1.12).
  height: number;
  guide: Guide;
}

/** Dashed lines: insets from top, right, bottom and left in percent, or a circle. */
export interface Guide {
  inset: [number, number, number, number];
  circle?: boolean;
  text: string;
}

const whole: Guide = { inset: [0, 0, 0, 0], text: words.guide_fit };
const edges = (percent: number, text = words.guide_edge): Guide => ({ inset: [percent, percent, percent, percent], text });

// Strips: 375 x 123 of 375 x 144 points are drawn on most cards (Apple reference 3.1, archived guide);
// logos are fitted, posters and backgrounds fill the screen and lose their edges.
export const SLOTS: Slot[] = [
  { name: 'icon', width: 114, height: 114, guide: edges(4) },
  { name: 'logo', width: 480, height: 150, guide: whole },
  { name: 'strip', width: 1125, height: 432, guide: { inset: [7.3, 0, 7.3, 0], text: words.guide_strip } },
  { name: 'thumbnail', width: 270, height: 270, guide: edges(8) },
  { name: 'background', width: 1029, height: 1509, guide: edges(6, words.guide_blur) },
  { name: 'footer', width: 858, height: 45, guide: whole },
  { name: 'primaryLogo', width: 378, height: 90, guide: whole },
  { name: 'secondaryLogo', width: 405, height: 36, guide: whole },
  { name: 'artwork', width: 1074, height: 1344, guide: edges(6) },
  { name: 'venueMap', width: 1365, height: 1365, guide: whole },
  { name: 'personalizationLogo', width: 450, height: 120, guide: whole },
  { name: 'google-logo', width: 660, height: 660, guide: { inset: [0, 0, 0, 0], circle: true, text: words.guide_circle } },
  { name: 'google-hero', width: 1032, height: 336, guide: edges(4) },
];

/** Which cards show a slot, as the service has it (design/internal/slots.cc). */
export function isShown(slot: string, template: JsonObject): boolean {
  const { kind, boarding } = template;
  const poster = template.poster !== undefined && template.poster !== null;
  switch (slot) {
    case 'strip':
      return kind !== 'membership' && kind !== 'boarding';
    case 'thumbnail':
      return kind === 'membership' || kind === 'ticket';
    case 'background':
      return kind === 'ticket';
    case 'footer':
      return kind === 'boarding';
    case 'primaryLogo':
      return poster || (isObject(boarding) && boarding.semantic === true);
    case 'artwork':
      return poster;
    case 'secondaryLogo':
    case 'venueMap':
      return poster && kind === 'ticket';
    case 'personalizationLogo':
      return isObject(template.personalization);
    case 'google-logo':
    case 'google-hero':
      return kind !== 'boarding';
    default:
      return true;
  }
}
