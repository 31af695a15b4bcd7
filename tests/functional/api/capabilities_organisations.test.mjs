// Organisations whose people share one account, with the real service: each test has the id of the capability that it
// shows and does the check that the list of capabilities asks for. Amounts are kopecks.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { freshPhone, order } from '../../support/site.mjs';
import { adjust, block, capture, card, customer, hold, keyed, member, merge, operator, release, shop, site, statement, type, wallet } from '../../support/points_site.mjs';
import { base, bought, line, publish, quote, sell, send } from '../../support/rules_site.mjs';

const path = (id) => `/api/v1/organisations/${id}`;
const staff = (method, at, body) => site.call(operator, method, at, body);
const join = (id, who, body = { role: 'user' }) => staff('PUT', `${path(id)}/members/${who}`, body);
const leave = (id, who) => staff('DELETE', `${path(id)}/members/${who}`);
const read = async (id) => (await site.call(shop, 'GET', path(id))).json;
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();
const lookup = async (body) => (await site.call(shop, 'POST', '/api/v1/members/lookup', body)).json;

// An organisation of its own for each test: {id, member}.
async function organisation(facts = {}) {
  const id = `org-${crypto.randomUUID()}`;
  const made = await staff('PUT', path(id), { name: 'Acme', ...facts });
  assert.equal(made.status, 200, made.text);
  return { id, member: made.json.member.id };
}
// A customer who acts for it: {id, number, phone}.
async function user(id, name) {
  const phone = freshPhone();
  const who = await customer(0, { phone, name });
  const joined = await join(id, who.id);
  assert.equal(joined.status, 200, joined.text);
  return { ...who, phone };
}
const done = async (call) => {
  const answer = await call;
  assert.match(String(answer.status), /^2/, answer.text);
  return answer.json;
};
const revision = async (number) => Date.parse((await card(number)).json.changed_at);

test('B36 two users of one organisation share one account, both named in the journal', async () => {
  await publish({ earn: [base] });
  const acme = await organisation();
  const anna = await user(acme.id, 'Anna');
  const boris = await user(acme.id, 'Boris');
  await sell(bought(anna.phone, 100000)); // By her phone: 50 points.
  await sell({ total: 200000, lines: [line(200000)], customer: {}, card_number: boris.number }); // By his card: 100.
  for (const who of [anna, boris]) {
    assert.equal((await card(who.number)).json.points.available, 150);
    assert.equal((await wallet(who.id)).json.points.available, 150);
    assert.equal((await member(who.id)).json.points.available, 150);
  }
  assert.equal((await read(acme.id)).points.available, 150);
  const lines = (await statement(acme.member)).json.items;
  assert.deepEqual(lines.map((one) => [one.type, one.amount, one.user?.name, one.user?.member_id]),
    [['earn', 100, 'Boris', boris.id], ['earn', 50, 'Anna', anna.id]]);
  assert.deepEqual((await statement(anna.id)).json.items, lines);
  assert.deepEqual((await read(acme.id)).members.map((one) => [one.id, one.role]),
    [anna, boris].map((who) => [who.id, 'user']).sort());
});

test('B36 what one user does, the other user\'s card shows: it has a new revision', async () => {
  await publish({ earn: [base] });
  const acme = await organisation();
  const [anna, boris] = [await user(acme.id, 'Anna'), await user(acme.id, 'Boris')];
  const before = await revision(boris.number);
  await sell(bought(anna.phone, 100000));
  assert.ok(await revision(boris.number) > before);
});

test('B36 of two users who spend the same 100 points at once one succeeds', async () => {
  await publish({ earn: [base] });
  const acme = await organisation();
  const [anna, boris] = [await user(acme.id, 'Anna'), await user(acme.id, 'Boris')];
  assert.equal((await adjust({ card_number: anna.number, points: 100 })).status, 201);
  const held = await Promise.all([hold({ card_number: anna.number, points: 100 }), hold({ card_number: boris.number, points: 100 })]);
  assert.deepEqual(held.map((one) => one.status).sort(), [201, 409]);
  assert.deepEqual(held.filter((one) => one.status === 409).map(type), ['insufficient_points']);
  const { available, held: kept } = (await read(acme.id)).points;
  assert.deepEqual([available, kept], [0, 100]);
});

test('B36 a refund of a user\'s order takes the points from the organisation, after the user has left too', async () => {
  await publish({ earn: [base] });
  const acme = await organisation();
  const anna = await user(acme.id, 'Anna');
  const sold = await sell(bought(anna.phone, 100000));
  assert.equal((await leave(acme.id, anna.id)).status, 204);
  const refunded = await site.call(shop, 'POST', `/api/v1/orders/${sold.order_id}/refunds?source=web`, { refund_id: crypto.randomUUID(), amount: 100000 });
  assert.equal(refunded.status, 201, refunded.text);
  assert.equal((await read(acme.id)).points.available, 0);
  assert.deepEqual((await statement(acme.member)).json.items.map((one) => [one.type, one.user.name]), [['claw_back', 'Anna'], ['earn', 'Anna']]);
});

test('B36 own points stay apart while somebody acts for an organisation, and are there when they leave', async () => {
  await publish({ earn: [base] });
  const acme = await organisation();
  const phone = freshPhone();
  const anna = await customer(30, { phone });
  const before = await revision(anna.number);
  await join(acme.id, anna.id);
  assert.equal((await card(anna.number)).json.points.available, 0);
  assert.ok(await revision(anna.number) > before);
  await sell(bought(phone, 100000));
  assert.equal((await leave(acme.id, anna.id)).status, 204);
  assert.equal((await leave(acme.id, anna.id)).status, 204);
  assert.equal((await card(anna.number)).json.points.available, 30);
  assert.equal((await lookup({ phone })).card.points.available, 30);
  assert.equal((await read(acme.id)).points.available, 50);
  assert.deepEqual((await read(acme.id)).members, []);
});

test('B36 joining twice is joining once, and the card stays the same', async () => {
  const acme = await organisation();
  const anna = await user(acme.id, 'Anna');
  const again = await join(acme.id, anna.id, { role: 'manager' });
  assert.deepEqual(again.json.members.map((one) => one.role), ['manager']);
  assert.deepEqual((await member(anna.id)).json.cards.map((one) => one.number), [anna.number]);
});

test('B36 nobody acts for two organisations, and no organisation for another', async () => {
  const [acme, other] = [await organisation(), await organisation()];
  const anna = await user(acme.id, 'Anna');
  assert.equal(type(await join(other.id, anna.id)), 'acts_for_organisation');
  assert.equal(type(await join(other.id, acme.member)), 'conflict');
  assert.equal((await join('nobody', anna.id)).status, 404);
  assert.equal((await join(acme.id, `m_${'0'.repeat(32)}`)).status, 404);
});

test('B36 whoever a user is merged with acts for the organisation, and keeps role, cards, guests and own points', async () => {
  await publish({ earn: [base] });
  for (const user_wins of [true, false]) {
    const acme = await organisation();
    const phones = [freshPhone(), freshPhone()];
    const [anna, twin] = [await customer(7, { phone: phones[0] }), await customer(30, { phone: phones[1] })];
    const [winner, loser] = user_wins ? [anna, twin] : [twin, anna];
    await done(join(acme.id, anna.id, { role: 'manager' }));
    await done(join(acme.id, (await customer()).id, { role: 'guest', host: anna.id }));
    const merged = await merge(winner.id, { member_id: loser.id });
    assert.equal(merged.status, 200, merged.text);
    assert.equal((await merge(winner.id, { member_id: loser.id })).status, 200, 'again changes nothing');
    const { members } = await read(acme.id);
    assert.deepEqual(members.map((one) => [one.role, one.role === 'guest' ? one.host : one.id]).sort(),
      [['guest', winner.id], ['manager', winner.id]]);
    assert.deepEqual((await member(winner.id)).json.cards.map((one) => one.number).sort(), [anna.number, twin.number].sort());
    for (const phone of phones) await sell(bought(phone, 100000));
    await sell({ total: 100000, lines: [line(100000)], customer: {}, card_number: twin.number });
    assert.equal((await read(acme.id)).points.available, 150);
    assert.equal((await leave(acme.id, winner.id)).status, 204);
    assert.equal((await member(winner.id)).json.points.available, 37, 'what both had of their own');
  }
});

test('B36 two users are merged if they act for the same organisation in the same role', async () => {
  const [acme, other] = [await organisation(), await organisation()];
  const [anna, double] = [await user(acme.id, 'Anna'), await user(acme.id, 'Anna')];
  const stranger = await user(other.id, 'Anna');
  assert.equal(type(await merge(anna.id, { member_id: stranger.id })), 'acts_for_organisation');
  assert.equal(type(await merge(anna.id, { member_id: acme.member })), 'conflict');
  await done(join(acme.id, double.id, { role: 'manager' }));
  assert.equal(type(await merge(anna.id, { member_id: double.id })), 'conflict');
  await done(join(acme.id, double.id, { role: 'user' }));
  await done(merge(anna.id, { member_id: double.id }));
  assert.deepEqual((await read(acme.id)).members.map((one) => one.id), [anna.id]);
  assert.equal((await member(anna.id)).json.cards.length, 2);
});

test('B36 who is erased leaves the organisation, and its account stays', async () => {
  const acme = await organisation();
  const anna = await user(acme.id, 'Anna');
  await adjust({ card_number: anna.number, points: 10 });
  assert.equal((await staff('DELETE', `/api/v1/members/${anna.id}`)).status, 204);
  assert.deepEqual((await read(acme.id)).members, []);
  assert.equal((await read(acme.id)).points.available, 10);
  assert.equal((await card(anna.number)).json.status, 'closed');
  assert.equal((await staff('DELETE', `/api/v1/members/${acme.member}`)).status, 409);
});

test('B36 a lost card of one user is replaced, and another user\'s is not touched by its block', async () => {
  await publish({ earn: [base] });
  const acme = await organisation();
  const [anna, boris] = [await user(acme.id, 'Anna'), await user(acme.id, 'Boris')];
  assert.equal((await block(anna.number)).status, 200);
  assert.equal((await send(order(bought(anna.phone, 100000)))).status, 409);
  await sell(bought(boris.phone, 100000));
  const next = await done(site.call(operator, 'POST', `/api/v1/cards/${anna.number}/replace`, { reason: 'lost', compromised: true }, keyed()));
  await done(staff('POST', `/api/v1/cards/${next.card.number}/unblock`, { reason: 'new' }));
  assert.equal((await lookup({ phone: anna.phone })).card.number, next.card.number);
  assert.equal((await card(next.card.number)).json.points.available, 50);
});

test('B36 after the contract\'s end nobody earns or spends for the organisation', async () => {
  await publish({ earn: [base] });
  const acme = await organisation({ valid_until: tomorrow() });
  const anna = await user(acme.id, 'Anna');
  await sell(bought(anna.phone, 100000));
  await staff('PUT', path(acme.id), { name: 'Acme', valid_until: new Date(Date.now() - 60_000).toISOString() });
  assert.equal(type(await send(order(bought(anna.phone, 100000)))), 'organisation_ended');
  assert.equal(type(await send(order({ customer: {}, card_number: anna.number }))), 'organisation_ended');
  assert.equal(type(await hold({ card_number: anna.number, points: 1 })), 'organisation_ended');
  assert.equal((await read(acme.id)).points.available, 50);
  await staff('PUT', path(acme.id), { name: 'Acme', valid_until: null });
  await sell(bought(anna.phone, 100000));
});

test('B36 a hold of a user pays nothing once they have left or the contract has ended', async () => {
  const acme = await organisation();
  const anna = await user(acme.id, 'Anna');
  await adjust({ card_number: anna.number, points: 100 });
  const held = async () => (await done(hold({ card_number: anna.number, points: 40 }))).hold.id;
  const [first, second] = [await held(), await held()];
  assert.equal((await leave(acme.id, anna.id)).status, 204);
  assert.equal(type(await capture(first, { points: 40 })), 'organisation_left');
  assert.equal((await release(first)).status, 200);
  await join(acme.id, anna.id);
  await staff('PUT', path(acme.id), { name: 'Acme', valid_until: new Date(Date.now() - 1000).toISOString() });
  assert.equal(type(await capture(second, { points: 40 })), 'organisation_ended');
  await staff('PUT', path(acme.id), { name: 'Acme' });
  assert.equal((await capture(second, { points: 40 })).status, 200);
  assert.equal((await read(acme.id)).points.available, 60);
});

test('B36 what somebody held of their own points pays after they have joined, too', async () => {
  const acme = await organisation();
  const anna = await customer(50);
  const { hold: { id } } = await done(hold({ card_number: anna.number, points: 50 }));
  await join(acme.id, anna.id);
  assert.equal((await capture(id, { points: 50 })).status, 200);
});

test('B36 nobody acts for an organisation beside its users: it has no phone, no card of its own, no end to get around', async () => {
  const acme = await organisation();
  const phone = freshPhone();
  const anna = await customer(0, { phone });
  await join(acme.id, anna.id);
  await adjust({ member_id: acme.member, points: 100 });
  for (const facts of [{ phone: freshPhone() }, { email: 'all@acme.example' }, { birthday: '1990-02-28' }]) {
    assert.equal(type(await site.call(shop, 'PATCH', `/api/v1/members/${acme.member}`, facts)), 'conflict');
  }
  assert.equal((await site.call(shop, 'PATCH', `/api/v1/members/${acme.member}`, { attributes: { size: 'L' } })).status, 200);
  assert.equal(type(await site.call(shop, 'POST', '/api/v1/cards', { member_id: acme.member }, keyed())), 'conflict');
  await publish({ earn: [base], actions: [{ id: 'review', points: 10 }] });
  await staff('PUT', path(acme.id), { name: 'Acme', valid_until: new Date(Date.now() - 1000).toISOString() });
  assert.equal(type(await hold({ member_id: acme.member, points: 1 })), 'organisation_ended');
  const reviewed = (who) => site.call(shop, 'POST', '/api/v1/events',
    { event_id: crypto.randomUUID(), source: 'web', type: 'review', occurred_at: new Date().toISOString(), ...who });
  for (const who of [{ customer: { phone } }, { member_id: anna.id }]) {
    assert.equal(type(await reviewed(who)), 'organisation_ended');
  }
  assert.equal((await read(acme.id)).points.available, 100);
});

test('E13 a guest\'s benefit dies with the host\'s contract', async () => {
  const acme = await organisation({ valid_until: tomorrow() });
  const host = await user(acme.id, 'Anna');
  const phone = freshPhone();
  const guest = await customer(0, { phone });
  const off = { id: 'guests', kind: 'percent', ppm: 100000, when: { field: 'member.guest_of', value: acme.id } };
  await publish({ earn: [base], discounts: [off] });
  const pays = async () => (await done(quote(order(bought(phone, 100000))))).totals.discount;
  assert.equal(await pays(), 0);
  const invited = await join(acme.id, guest.id, { role: 'guest', host: host.id });
  assert.equal(invited.status, 200, invited.text);
  assert.equal(await pays(), 10000);
  assert.equal((await wallet(guest.id)).json.points.available, 0); // Of their own.
  await staff('PUT', path(acme.id), { name: 'Acme', valid_until: new Date().toISOString() });
  assert.equal(await pays(), 0);
  await staff('PUT', path(acme.id), { name: 'Acme', valid_until: null });
  assert.equal(await pays(), 10000);
  await leave(acme.id, host.id); // Whoever leaves takes their guests along.
  assert.equal(await pays(), 0);
  assert.deepEqual((await read(acme.id)).members, []);
});

test('E13 a guest pays less on orders before the end of the host\'s contract, and all of it from then on', async () => {
  const acme = await organisation({ valid_until: tomorrow() });
  const host = await user(acme.id, 'Anna');
  const phone = freshPhone();
  const guest = await customer(0, { phone });
  const off = { id: 'guests', kind: 'percent', ppm: 100000, when: { field: 'member.guest_of', value: acme.id } };
  await publish({ earn: [base], discounts: [off] });
  await done(join(acme.id, guest.id, { role: 'guest', host: host.id }));
  const sold = async (paid_at = new Date()) => {
    const placed = await sell(bought(phone, 100000, { paid_at: paid_at.toISOString() }));
    assert.equal(placed.member.id, guest.id, 'it is their own order');
    return placed.points.earned;
  };
  assert.equal(await sold(), 45, '5 % of 900.00');
  const end = new Date(Date.now() - 1); // Of now: what was paid before keeps the benefit.
  await done(staff('PUT', path(acme.id), { name: 'Acme', valid_until: end.toISOString() }));
  assert.equal(await sold(), 50, '5 % of 1000.00');
  assert.equal(await sold(end), 50, 'at the very instant of the end');
  assert.equal(await sold(new Date(end - 1)), 45, 'paid a millisecond before');
});

test('E13 an invitation has an end, and only a user of the organisation invites', async () => {
  const acme = await organisation();
  const [host, guest] = [await user(acme.id, 'Anna'), await customer()];
  const invite = (body) => join(acme.id, guest.id, { role: 'guest', ...body });
  assert.equal((await invite({})).status, 422);
  assert.equal((await invite({ host: guest.id })).status, 422);
  assert.equal((await invite({ host: host.id, until: new Date(Date.now() - 1000).toISOString() })).status, 422);
  const ends = tomorrow();
  const made = await invite({ host: host.id, until: ends });
  assert.deepEqual(made.json.members.filter((one) => one.role === 'guest').map((one) => [one.id, one.host, Date.parse(one.until)]),
    [[guest.id, host.id, Date.parse(ends)]]);
  assert.equal((await leave(acme.id, guest.id)).status, 204);
  assert.deepEqual((await read(acme.id)).members.map((one) => one.id), [host.id]);
});

test('E13 whoever takes a guest over is the guest, also if an invitation of their own had ended', async () => {
  const acme = await organisation();
  const [host, guest, double] = [await user(acme.id, 'Anna'), await customer(), await customer()];
  const guests = async () => (await read(acme.id)).members.filter((one) => one.role === 'guest').map((one) => one.id);
  await done(join(acme.id, guest.id, { role: 'guest', host: host.id }));
  assert.equal((await leave(acme.id, guest.id)).status, 204);
  await done(join(acme.id, double.id, { role: 'guest', host: host.id }));
  assert.deepEqual(await guests(), [double.id]);
  await done(merge(guest.id, { member_id: double.id }));
  assert.deepEqual(await guests(), [guest.id]);
});

test('E13 orders of an organisation\'s users have its discount while its contract runs', async () => {
  const acme = await organisation();
  const anna = await user(acme.id, 'Anna');
  await publish({ earn: [base], discounts: [{ id: 'b2b', kind: 'percent', ppm: 50000, when: { field: 'member.organisation', value: acme.id } }] });
  assert.equal((await done(quote(order(bought(anna.phone, 100000))))).totals.discount, 5000);
  assert.equal((await done(quote(order(bought(freshPhone(), 100000))))).totals.discount, 0);
});
