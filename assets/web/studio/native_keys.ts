// Keys of pass.json and of Google's class and object that a template has no word of its own for, as
// designers may want them: what they are for, in words. Apple reference 2.6, 2.7 and 2.12; Google
// reference 1.8 to 1.10. Others can be named too.

import type { Json } from './api';
import { language } from './words';

export type NativeKind = 'text' | 'number' | 'yes_no' | 'choice' | 'json';

export interface NativeKey {
  key: string;
  kind: NativeKind;
  of?: { text: string; value: Json }[]; // Of a choice.
  about: string;
}

const say = (en: string, ru: string) => (language === 'ru' ? ru : en);
const words = (...list: string[]) => list.map((text) => ({ text, value: text }));

const APPLE: NativeKey[] = [
  { key: 'maxDistance', kind: 'number', about: say('How near to a place the card comes up, in metres.', 'За сколько метров до места карта появляется на экране.') },
  { key: 'groupingIdentifier', kind: 'text', about: say('Tickets and boarding passes of one word lie together.', 'Билеты и талоны с одним словом лежат вместе.') },
  { key: 'suppressStripShine', kind: 'yes_no', about: say('No gloss over the strip on old iPhones.', 'Без блика на ленте в старых айфонах.') },
  { key: 'voided', kind: 'yes_no', about: say('All cards of this template are shown as used up, in grey.', 'Все карты шаблона показаны серыми, как использованные.') },
  { key: 'eventLogoText', kind: 'text', about: say('Text beside the logo of a poster ticket.', 'Текст у логотипа билета-постера.') },
  { key: 'contactVenueEmail', kind: 'text', about: say("The venue's mail, on a poster ticket.", 'Почта площадки, на билете-постере.') },
  { key: 'contactVenuePhoneNumber', kind: 'text', about: say("The venue's telephone, on a poster ticket.", 'Телефон площадки, на билете-постере.') },
  { key: 'directionsInformationURL', kind: 'text', about: say('How to get there, on a poster ticket.', 'Как добраться, на билете-постере.') },
  { key: 'parkingInformationURL', kind: 'text', about: say('Where to park, on a poster ticket.', 'Где парковка, на билете-постере.') },
  { key: 'merchandiseURL', kind: 'text', about: say('Where to buy souvenirs, on a poster ticket.', 'Где сувениры, на билете-постере.') },
  { key: 'userInfo', kind: 'json', about: say('Data for your own app; never shown.', 'Данные для вашего приложения; не показываются.') },
];

const GOOGLE_CLASS: NativeKey[] = [
  { key: 'countryCode', kind: 'text', about: say('Country of the shop, two letters.', 'Страна магазина, две буквы.') },
  { key: 'homepageUri', kind: 'json', about: say('The page of the shop: {"uri": …, "description": …}.', 'Страница магазина: {"uri": …, "description": …}.') },
  {
    key: 'multipleDevicesAndHoldersAllowedStatus',
    kind: 'choice',
    of: words('MULTIPLE_HOLDERS', 'ONE_USER_ALL_DEVICES', 'ONE_USER_ONE_DEVICE'),
    about: say('Whether several people may save the same card.', 'Могут ли одну карту сохранить несколько людей.'),
  },
  { key: 'viewUnlockRequirement', kind: 'choice', of: words('UNLOCK_NOT_REQUIRED', 'UNLOCK_REQUIRED_TO_VIEW'), about: say('Whether the phone must be unlocked to see the card.', 'Нужно ли разблокировать телефон, чтобы увидеть карту.') },
  { key: 'securityAnimation', kind: 'choice', of: [{ text: 'FOIL_SHIMMER', value: { animationType: 'FOIL_SHIMMER' } }], about: say('A shimmer that a screenshot does not have.', 'Перелив, которого нет на снимке экрана.') },
  { key: 'enableSmartTap', kind: 'yes_no', about: say('The card works by touch at Smart Tap terminals.', 'Карта работает прикосновением у терминалов Smart Tap.') },
  { key: 'redemptionIssuers', kind: 'json', about: say('Numbers of the issuers whose terminals take it: ["…"].', 'Номера издателей, чьи терминалы её принимают: ["…"].') },
];

const GOOGLE_OBJECT: NativeKey[] = [
  { key: 'smartTapRedemptionValue', kind: 'text', about: say('What a Smart Tap terminal reads.', 'Что прочтёт терминал Smart Tap.') },
  { key: 'groupingInfo', kind: 'json', about: say('Cards that lie together: {"groupingId": …, "sortIndex": 1}.', 'Карты, лежащие вместе: {"groupingId": …, "sortIndex": 1}.') },
  { key: 'passConstraints', kind: 'json', about: say('What the phone may do: {"screenshotEligibility": "INELIGIBLE"}.', 'Что разрешено телефону: {"screenshotEligibility": "INELIGIBLE"}.') },
  { key: 'disableExpirationNotification', kind: 'yes_no', about: say('Google does not remind that the offer ends.', 'Google не напоминает, что предложение кончается.') },
];

export interface NativeBlock {
  path: string[];
  title: string;
  about: string;
  known: NativeKey[];
}

export const NATIVE_BLOCKS: NativeBlock[] = [
  { path: ['apple'], title: say("Apple's own keys (pass.json)", 'Собственные ключи Apple (pass.json)'), about: say('Written over what the template says of the Apple card.', 'Пишутся поверх того, что шаблон говорит о карте Apple.'), known: APPLE },
  {
    path: ['google', 'class'],
    title: say("Google's own keys: all cards", 'Собственные ключи Google: все карты'),
    about: say('Of the class, which all cards share: they change at 100 % only.', 'Общее для всех карт (class): меняется только при 100 %.'),
    known: GOOGLE_CLASS,
  },
  { path: ['google', 'object'], title: say("Google's own keys: each card", 'Собственные ключи Google: каждая карта'), about: say('Of each card (object); texts may name variables.', 'У каждой карты своё (object); в текстах могут быть переменные.'), known: GOOGLE_OBJECT },
];

export const NATIVE_KINDS: [NativeKind, string][] = [
  ['text', say('text', 'текст')],
  ['number', say('number', 'число')],
  ['yes_no', say('yes or no', 'да или нет')],
  ['json', 'JSON'],
];

/** What a key that is not in the lists seems to be. */
export function kindOf(value: Json | undefined): NativeKind {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  return typeof value === 'boolean' ? 'yes_no' : 'json';
}

/** What a key begins with, so that the form has something to show. */
export function firstValue(kind: NativeKind, of: NativeKey['of']): Json {
  if (kind === 'choice') return of?.[0]?.value ?? '';
  return { text: '', number: 0, yes_no: true, json: {} }[kind];
}
