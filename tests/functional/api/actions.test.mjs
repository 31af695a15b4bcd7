// Points for what is no order: reviews, shares, surveys, visits, recycled things; and who decides about
// them. The ids in names are those of the capabilities that a test shows.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { freshPhone } from '../../support/site.mjs';
import { site, shop, operator, keyed, codes, type, member, customer, statement, wallet } from '../../support/points_site.mjs';
import { admin, base, publish } from '../../support/rules_site.mjs';

const actions = [
  { id: 'review', points: 50, once: 'subject', moderated: true },
  { id: 'share', points: 10, limits: { member: { most: 25, per: 'day' } } },
  { id: 'survey', points: 30, once: 'subject' },
  { id: 'visit', points: 5, once: 'day', expires: { after: 'P14D' } },
  { id: 'recycled', points: 3, per: 'unit', limits: { budget: 'green' } },
  { id: 'vip_visit', points: 7, when: { field: 'history.orders', op: 'ge', value: 1 } },
];
test('rules with actions are published', () => publish({ earn: [base], actions, budgets: [{ id: 'green', cap: 40 }] }));

let count = 0;
const report = (action, body, headers) =>
  site.call(shop, 'POST', '/api/v1/events', { event_id: `e${++count}`, type: action, ...body }, headers);
async function done(action, body) {
  const answer = await report(action, body);
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}
const cases = (status = 'open') => site.call(operator, 'GET', `/api/v1/moderation?status=${status}&limit=200`);
async function caseOf(event) {
  for (const status of ['open', 'approved', 'rejected']) {
    const found = (await cases(status)).json.items.find((one) => one.subject === event);
    if (found) return found;
  }
  return undefined;
}
const decide = (id, verb, reason = 'read it') => site.call(operator, 'POST', `/api/v1/moderation/${id}/${verb}`, { reason });
const warnings = (answer) => answer.warnings.map((one) => one.code);
const explain = (entry) => site.call(operator, 'GET', `/api/v1/entries/${entry}/explain`);

test('E10 F11 a review waits until it is approved, and its entry says which rule gave it and why', async () => {
  const who = await customer();
  const event = await done('review', { card_number: who.number, subject: 'ESP-1', proof: 'https://shop.example/r/1' });
  assert.equal(event.status, 'in_moderation');
  assert.equal(event.points.available, 0);
  const waits = await caseOf(event.event_id);
  assert.deepEqual([waits.status, waits.points, waits.type, waits.about, waits.proof], ['open', 50, 'review', 'ESP-1', 'https://shop.example/r/1']);
  const approved = await decide(waits.id, 'approve', 'a real review');
  assert.equal(approved.status, 200, approved.text);
  assert.deepEqual([approved.json.case.status, approved.json.case.decided_by, approved.json.points.available], ['approved', 'desk', 50]);
  const row = (await statement(who.id)).json.items[0];
  assert.deepEqual([row.type, row.amount, row.document.type, row.document.id, row.comment, row.actor], ['earn', 50, 'event', event.event_id, 'a real review', 'desk']);
  const why = await explain(row.id);
  assert.equal(why.status, 200, why.text);
  assert.equal(why.json.agrees, true);
  assert.deepEqual(why.json.rules.map((one) => [one.rule, one.points]), [['review', 50]]);
  assert.ok(why.json.rule_set_version > 0);
});

test('a rejected review earns nothing, and a decision stands', async () => {
  const who = await customer();
  const event = await done('review', { member_id: who.id, subject: 'ESP-2' });
  const { id } = await caseOf(event.event_id);
  const rejected = await decide(id, 'reject', 'copied');
  assert.equal(rejected.status, 200, rejected.text);
  assert.deepEqual([rejected.json.case.status, rejected.json.case.reason, rejected.json.points.available], ['rejected', 'copied', 0]);
  assert.equal((await decide(id, 'reject')).status, 200);
  const turned = await decide(id, 'approve');
  assert.deepEqual([turned.status, type(turned)], [409, 'case_decided']);
  assert.equal((await decide('mo_nothing', 'approve')).status, 404);
  assert.equal((await member(who.id)).json.points.available, 0);
});

test('a case that is approved sixteen times at once gives its points once', async () => {
  const who = await customer();
  const { id } = await caseOf((await done('review', { member_id: who.id, subject: 'ESP-3' })).event_id);
  const answers = await Promise.all(Array.from({ length: 16 }, () => decide(id, 'approve')));
  assert.ok(answers.every((one) => one.status === 200), answers.map((one) => one.text).join('\n'));
  assert.equal((await member(who.id)).json.points.available, 50);
});

test('two reviews of one thing are worth one', async () => {
  const who = await customer();
  const [first, second] = [await done('review', { member_id: who.id, subject: 'ESP-4' }), await done('review', { member_id: who.id, subject: 'ESP-4' })];
  for (const event of [first, second]) assert.equal((await decide((await caseOf(event.event_id)).id, 'approve')).status, 200);
  assert.equal((await member(who.id)).json.points.available, 50);
  assert.deepEqual(warnings(await done('review', { member_id: who.id, subject: 'ESP-4' })), ['already_granted']);
});

test('F12 F7 shares are worth something up to the limit of the day, and an unknown action is not found', async () => {
  const who = await customer();
  const earned = [];
  for (let n = 0; n < 4; ++n) {
    const event = await done('share', { member_id: who.id });
    earned.push([event.points.earned, ...warnings(event)]);
  }
  assert.deepEqual(earned, [[10], [10], [5], [0, 'limit_reached']]);
  const cut = (await statement(who.id)).json.items[0];
  const why = await explain(cut.id);
  assert.equal(why.json.agrees, true, why.text);
  assert.deepEqual(why.json.rules[0].steps.map((step) => [step.name, step.points]), [['fixed', 10], ['limits', -5]]);
  const unknown = await report('dance', { member_id: who.id });
  assert.deepEqual([unknown.status, type(unknown)], [404, 'not_found']);
});

test('E11 a survey is rewarded once for each survey and member, and its answers are attributes', async () => {
  const who = await customer();
  const first = await done('survey', { member_id: who.id, subject: 'nps-2026', attributes: { stars: 9, milk: 'oat' } });
  assert.equal(first.points.earned, 30);
  assert.deepEqual((await member(who.id)).json.attributes, { stars: 9, milk: 'oat' });
  assert.deepEqual(warnings(await done('survey', { member_id: who.id, subject: 'nps-2026' })), ['already_granted']);
  assert.equal((await done('survey', { member_id: who.id, subject: 'menu-2026', attributes: { stars: 1 } })).points.available, 60);
  assert.equal((await member(who.id)).json.attributes.stars, 9, 'what is known stays');
  const without = await report('survey', { member_id: who.id });
  assert.deepEqual([without.status, codes(without)], [422, ['required /subject']]);
});

test('a visit counts once a day', async () => {
  const who = await customer();
  assert.equal((await done('visit', { card_number: who.number })).points.earned, 5);
  const again = await done('visit', { card_number: who.number });
  assert.deepEqual([again.points.earned, ...warnings(again)], [0, 'already_granted']);
  const yesterday = new Date(Date.now() - 86_400_000).toISOString();
  assert.equal((await done('visit', { card_number: who.number, occurred_at: yesterday })).points.available, 10);
});

test('F9 the wallet names what the member can do for points now, and how often it still counts', async () => {
  const who = await customer();
  const left = async () => Object.fromEntries((await wallet(who.id)).json.actions.map((one) => [one.id, one.left]));
  assert.deepEqual(await left(), { review: null, share: 3, survey: null, visit: 1, recycled: 13 });
  await done('visit', { member_id: who.id });
  await done('share', { member_id: who.id });
  assert.deepEqual(await left(), { review: null, share: 2, survey: null, visit: 0, recycled: 13 });
});

test('B6 recycled things count by the piece until the budget is spent', async () => {
  const who = await customer();
  assert.equal((await done('recycled', { member_id: who.id, quantity: 12 })).points.earned, 36);
  const over = await done('recycled', { member_id: who.id, quantity: 2 });
  assert.deepEqual([over.points.earned, ...warnings(over)], [0, 'budget_spent']);
  assert.equal((await done('recycled', { member_id: who.id })).points.available, 39);
});

test('an event is booked once, whoever reports it again, and a different one under its id is a conflict', async () => {
  const who = await customer();
  const body = { event_id: 'walk-1', type: 'share', member_id: who.id };
  const send = (changes = {}) => site.call(shop, 'POST', '/api/v1/events', { ...body, ...changes });
  const answers = await Promise.all(Array.from({ length: 8 }, () => send()));
  assert.deepEqual(answers.map((one) => one.status).sort(), [200, 200, 200, 200, 200, 200, 200, 201]);
  assert.equal((await member(who.id)).json.points.available, 10);
  const other = await send({ type: 'visit' });
  assert.deepEqual([other.status, type(other)], [409, 'event_conflict']);
  assert.equal((await send({ source: 'till-2' })).status, 201, 'another source names other events');
});

test('E6 somebody who never bought anything becomes a member by what they do', async () => {
  const phone = freshPhone();
  const event = await done('visit', { customer: { phone, name: 'Вера' } });
  assert.equal(event.points.available, 5);
  assert.equal((await member(event.member.id)).json.name, 'Вера');
  const rule = await done('vip_visit', { member_id: event.member.id });
  assert.deepEqual([rule.points.earned, ...warnings(rule)], [0, 'not_eligible']);
});

test('what an event must say is said when it does not', async () => {
  const who = await customer();
  const nobody = await report('visit', {});
  assert.deepEqual([nobody.status, codes(nobody)], [422, ['choose_one ']]);
  assert.equal((await report('visit', { member_id: who.id, customer: { phone: freshPhone() } })).status, 422);
  const ahead = await report('visit', { member_id: who.id, occurred_at: new Date(Date.now() + 600_000).toISOString() });
  assert.deepEqual(codes(ahead), ['time_in_future /occurred_at']);
  const old = await report('visit', { member_id: who.id, occurred_at: new Date(Date.now() - 31 * 86_400_000).toISOString() });
  assert.deepEqual(codes(old), ['time_too_old /occurred_at']);
  assert.equal((await report('recycled', { member_id: who.id, quantity: 1001 })).status, 422);
});

test('C1 nothing is earned before the customer has agreed to take part', async () => {
  await publish({ earn: [{ ...base, when: { field: 'member.opted_in', value: 1 } }] });
  const phone = freshPhone();
  const buy = (facts) => site.call(shop, 'POST', '/api/v1/orders', {
    order_id: `o${++count}`, source: 'web', paid_at: new Date().toISOString(), currency: 'RUB', total: 100000,
    customer: { phone, ...facts }, lines: [{ line_id: '1', amount: 100000 }],
  });
  const first = await buy({});
  assert.equal(first.status, 201, first.text);
  assert.equal(first.json.points.earned, 0);
  const { id } = first.json.member;
  assert.equal((await member(id)).json.opted_in, null);
  const agreed = await site.call(admin(), 'PATCH', `/api/v1/members/${id}`, { opted_in: true });
  assert.deepEqual([agreed.json.opted_in.in, agreed.json.opted_in.source], [true, 'boss'], agreed.text);
  assert.ok(Date.parse(agreed.json.opted_in.at) > Date.now() - 600_000);
  assert.equal((await buy({ opted_in: false })).json.points.earned, 50, 'a stranger at the till takes nobody out');
  await site.call(admin(), 'PATCH', `/api/v1/members/${id}`, { opted_in: false });
  assert.equal((await buy({})).json.points.earned, 0);
});
