// Points by adjustments, transfers and merges, and how they are shown. Numbers behind "edge" are
// those of the ledger's table of edge cases.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX, adjust, block, capture, card, codes, customer, hold, keyed, member, merge, operator, release, shop, site, some, statement, transfer, type, wallet } from '../../support/points_site.mjs';
import { freshPhone, order, passmint } from '../../support/site.mjs';

// -------------------------------------------------------------------- adjustments and transfers

test('an adjustment gives and takes, with reason and document in the statement', async () => {
  const anna = await customer();
  const document = { type: 'ticket', id: 'T-77', name: 'Complaint T-77' };
  const given = await adjust({ card_number: anna.number, points: 50, reason: 'Late delivery', document });
  assert.equal(given.status, 201, given.text);
  assert.equal(given.json.points.earned, 50);
  assert.deepEqual(given.json.points.explain, [{ entry: given.json.entry, rule: 'adjustment', points: 50 }]);
  const taken = await adjust({ member_id: anna.id, points: -20 });
  assert.equal(taken.json.points.spent, 20);
  assert.equal(taken.json.points.available, 30);
  assert.equal(type(await adjust({ member_id: anna.id, points: -31 })), 'insufficient_points');
  const { items } = (await statement(anna.id)).json;
  assert.deepEqual(items.map((item) => [item.id, item.type, item.amount, item.balance_after, item.comment, item.actor]), [
    [taken.json.entry, 'adjust', -20, 30, 'test', 'desk'],
    [given.json.entry, 'adjust', 50, 50, 'Late delivery', 'desk'],
  ]);
  assert.deepEqual(items[1].document, document);
  assert.equal(items[1].card_number, anna.number);
  assert.equal(items[0].document, null);
  assert.equal(items[0].card_number, null);
});

test('an adjustment with an id is booked once, whatever the key', async () => {
  const anna = await customer();
  const body = { adjustment_id: `a-${anna.id}`, member_id: anna.id, points: 50 };
  const first = await adjust(body);
  const again = await adjust(body);
  assert.equal(first.status, 201);
  assert.equal(again.status, 200);
  assert.equal(again.json.entry, first.json.entry);
  assert.equal((await card(anna.number)).json.points.available, 50);
  assert.equal(type(await adjust({ ...body, points: 51 })), 'conflict');
  const parallel = { ...body, adjustment_id: `b-${anna.id}` };
  const answers = await Promise.all(Array.from({ length: 8 }, () => adjust(parallel)));
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [...Array(7).fill(200), 201]);
  assert.equal((await card(anna.number)).json.points.available, 100);
});

test('edge 21 a balance is at most 2^53 - 1, and more is refused before anything is written', async () => {
  const anna = await customer();
  const most = await adjust({ member_id: anna.id, points: MAX });
  assert.equal(most.status, 201, most.text);
  assert.equal(most.json.points.available, MAX);
  assert.deepEqual(codes(await adjust({ member_id: anna.id, points: 1 })), ['amount_too_large /points']);
  assert.deepEqual(codes(await adjust({ member_id: anna.id, points: MAX + 1 })), ['out_of_range /points']);
  assert.deepEqual(codes(await adjust({ member_id: anna.id, points: 0 })), ['out_of_range /points']);
  const held = await hold({ member_id: anna.id, points: MAX });
  assert.equal(held.json.points.held, MAX);
  assert.deepEqual(codes(await adjust({ member_id: anna.id, points: 1 })), ['amount_too_large /points']);
  assert.equal((await capture(held.json.hold.id, { points: MAX })).json.points.spent, MAX);
  assert.equal((await adjust({ member_id: anna.id, points: -1 })).status, 409);
});

test('a transfer books both sides and its entries cite each other', async () => {
  const [anna, boris] = [await customer(300), await customer(5)];
  const moved = await transfer({ from: { card_number: anna.number }, to: { member_id: boris.id }, points: 100 });
  assert.equal(moved.status, 201, moved.text);
  assert.equal(moved.json.from.points.spent, 100);
  assert.equal(moved.json.from.points.available, 200);
  assert.equal(moved.json.to.points.earned, 100);
  assert.equal(moved.json.to.points.available, 105);
  const [out] = (await statement(anna.id)).json.items;
  const [into] = (await statement(boris.id)).json.items;
  assert.deepEqual([out.id, out.type, out.amount, out.comment], [moved.json.from.entry, 'transfer_out', -100, 'gift']);
  assert.deepEqual([into.id, into.type, into.amount], [moved.json.to.entry, 'transfer_in', 100]);
  assert.equal(out.document.id, into.document.id);
  assert.equal(out.document.name, `Transfer to ${boris.id}`);
  assert.deepEqual([out.card_number, into.card_number], [anna.number, null], 'the card that was shown');
});

test('what a transfer may not do', async () => {
  const [anna, boris] = [await customer(300), await customer()];
  const from = { card_number: anna.number };
  const to = { card_number: boris.number };
  assert.equal(type(await transfer({ from, to, points: 301 })), 'insufficient_points');
  assert.deepEqual(codes(await transfer({ from, to: { member_id: anna.id }, points: 1 })), ['invalid_value /to']);
  assert.deepEqual(codes(await transfer({ from, to: {}, points: 1 })), ['choose_one /to']);
  assert.deepEqual(codes(await transfer({ from, to: { member_id: 'm_0' }, points: 1 })), ['unknown_member /to/member_id']);
  assert.deepEqual(codes(await transfer({ from, points: 1 })), ['required /to']);
  await adjust({ member_id: boris.id, points: MAX });
  assert.deepEqual(codes(await transfer({ from, to, points: 1 })), ['amount_too_large /points']);
  await block(boris.number);
  assert.equal(type(await transfer({ from, to, points: 1 })), 'card_blocked');
  assert.equal((await card(anna.number)).json.points.available, 300);
});

test('transfers both ways at once neither lose nor lock anything', async () => {
  const [anna, boris] = [await customer(100), await customer(100)];
  const [a, b] = [{ member_id: anna.id }, { member_id: boris.id }];
  const answers = await Promise.all(Array.from({ length: 16 }, (_, i) =>
    transfer({ from: i % 2 ? a : b, to: i % 2 ? b : a, points: 1 + (i % 3) })));
  assert.ok(answers.every((answer) => answer.status === 201), answers.map((answer) => answer.text).join('\n'));
  const sum = (await wallet(anna.id)).json.points.available + (await wallet(boris.id)).json.points.available;
  assert.equal(sum, 200);
});

// ---------------------------------------------------------------------------------------- replays

test('every POST that moves points repeats its first bytes with its key, and moves nothing again', async () => {
  const [anna, boris, clara] = [await customer(100), await customer(100), await customer(7)];
  const held = async (points) => (await hold({ card_number: anna.number, points })).json.hold.id;
  const [captured, voided] = [await held(10), await held(10)];
  const calls = [
    [shop, '/api/v1/holds', { card_number: anna.number, points: 1, ttl_seconds: 60 }],
    [shop, `/api/v1/holds/${captured}/capture`, { points: 5 }],
    [shop, `/api/v1/holds/${voided}/void`, undefined],
    [operator, '/api/v1/adjustments', { member_id: anna.id, points: 1, reason: 'r' }],
    [operator, '/api/v1/adjustments', { member_id: anna.id, points: -MAX, reason: 'refused' }],
    [operator, '/api/v1/transfers', { from: { member_id: anna.id }, to: { member_id: boris.id }, points: 3, reason: 'r' }],
    [operator, `/api/v1/members/${boris.id}/merge`, { member_id: clara.id, reason: 'r' }],
  ];
  for (const [key, path, body] of calls) {
    const headers = keyed();
    const first = await site.call(key, 'POST', path, body, headers);
    const before = [(await wallet(anna.id)).text, (await wallet(boris.id)).text];
    const again = await site.call(key, 'POST', path, body, headers);
    assert.equal(again.status, first.status, path);
    assert.equal(again.text, first.text, path);
    assert.equal(again.headers.get('idempotency-replayed'), 'true', path);
    assert.deepEqual([(await wallet(anna.id)).text, (await wallet(boris.id)).text], before, path);
    const other = await site.call(key, 'POST', path, { ...body, points: 2 }, headers);
    assert.equal(type(other), 'idempotency_mismatch', path);
  }
});

// ------------------------------------------------------------------------------- what is shown

test('card, member, lookup, wallet and the card page show one balance', async () => {
  const anna = await customer(1234);
  await hold({ card_number: anna.number, points: 34 });
  const balance = { available: 1200, pending: 0, held: 34, debt: 0 };
  assert.deepEqual((await card(anna.number)).json.points, balance);
  assert.deepEqual((await member(anna.id)).json.points, balance);
  const found = await site.call(shop, 'POST', '/api/v1/members/lookup', { card_number: anna.number });
  assert.deepEqual(found.json.card.points, balance);
  assert.deepEqual(found.json.member.points, balance);
  const shown = await wallet(anna.id);
  assert.deepEqual(shown.json.points, balance);
  assert.equal(shown.json.next_expiry, null, 'what staff gives does not expire');
  assert.deepEqual([shown.json.tier, shown.json.rewards], [null, []]);
  assert.equal(shown.json.as_of, (await statement(anna.id)).json.items[0].id);
  assert.match(await (await fetch(anna.page)).text(), /1[\s.,\u00a0\u202f]?200/);
});

test('a member without entries has an empty statement and wallet, an unknown one is 404', async () => {
  const anna = await customer();
  assert.deepEqual((await statement(anna.id)).json, { items: [], next: null });
  assert.equal((await wallet(anna.id)).json.as_of, null);
  assert.equal((await statement('m_0')).status, 404);
  assert.equal((await wallet('m_0')).status, 404);
});

test('the statement is read in pages, none of which repeats or misses an entry', async () => {
  const anna = await customer();
  for (let i = 1; i <= 7; ++i) await adjust({ member_id: anna.id, points: i });
  const seen = [];
  let cursor = '';
  for (let pages = 0; pages < 10 && cursor !== null; ++pages) {
    const page = (await statement(anna.id, `?limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)).json;
    seen.push(...page.items.map((item) => item.amount));
    cursor = page.next;
    if (pages === 0) await adjust({ member_id: anna.id, points: 100 });
  }
  assert.deepEqual(seen, [7, 6, 5, 4, 3, 2, 1]);
  const all = (await statement(anna.id)).json.items;
  const between = (await statement(anna.id, `?from=${all[4].at}&to=${all[2].at}`)).json.items;
  assert.deepEqual(between.map((item) => item.id), [all[3].id, all[4].id]);
  assert.deepEqual(codes(await statement(anna.id, '?limit=0&from=yesterday&cursor=x')), ['invalid_time #query/from', 'out_of_range #query/limit']);
  assert.deepEqual(codes(await statement(anna.id, '?cursor=x')), ['invalid_value #query/cursor']);
});

// ------------------------------------------------------------------------------------------ merge

test('edge 37 two members that are one person become one, and the old id leads to it', async () => {
  const anna = await customer(100, { name: 'Anna' });
  const double = await customer(50, { email: `double-${anna.number}@example.com` });
  const held = (await hold({ card_number: double.number, points: 20 })).json.hold.id;
  const tried = await merge(anna.id, { member_id: double.id, dry_run: true });
  assert.equal(tried.status, 200, tried.text);
  assert.equal((await card(double.number)).json.member.id, double.id, 'a dry run changes nothing');
  const before = (await card(double.number)).json.changed_at;
  const merged = await merge(anna.id, { member_id: double.id });
  assert.equal(merged.status, 200, merged.text);
  const { changed_at: _, ...would } = tried.json.member;
  const { changed_at: __, ...is } = merged.json.member;
  assert.deepEqual(is, would, 'a dry run says what would be');
  assert.deepEqual(tried.json.points, merged.json.points);
  assert.equal(merged.json.merged, double.id);
  assert.equal(merged.json.points.earned, 30);
  assert.deepEqual(merged.json.member.points, { available: 130, pending: 0, held: 20, debt: 0 });
  assert.deepEqual(merged.json.member.cards.map((one) => one.number).sort(), [anna.number, double.number].sort());
  assert.equal(merged.json.member.name, 'Anna');
  assert.equal(merged.json.member.email, `double-${anna.number}@example.com`);
  for (const id of [anna.id, double.id]) {
    assert.deepEqual((await member(id)).json, (await member(anna.id)).json);
    assert.deepEqual((await wallet(id)).json, (await wallet(anna.id)).json);
    assert.deepEqual((await statement(id)).json, (await statement(anna.id)).json);
  }
  const moved = (await card(double.number)).json;
  assert.equal(moved.member.id, anna.id);
  assert.equal(moved.points.available, 130);
  assert.ok(moved.changed_at > before, 'the pass has a new revision');
  const captured = await capture(held, { points: 20 });
  assert.equal(captured.status, 200, captured.text);
  assert.equal(captured.json.hold.member.id, anna.id);
  const types = (await statement(anna.id)).json.items.map((item) => item.type);
  assert.deepEqual(types, ['capture', 'merge', 'merge', 'hold', 'adjust', 'adjust'], 'both histories');
  assert.equal((await adjust({ member_id: double.id, points: 1 })).json.member.id, anna.id);
});

test('edge 37 both phones of a merged member find it, and its own is the one shown', async () => {
  const phones = [freshPhone(), freshPhone()].sort();
  for (const [mine, other] of [phones, [freshPhone(), freshPhone()].sort().reverse()]) {
    const [anna, double] = [await customer(0, { phone: mine }), await customer(0, { phone: other })];
    await merge(anna.id, { member_id: double.id });
    for (const phone of [mine, other]) {
      const found = await site.call(shop, 'POST', '/api/v1/members/lookup', { phone });
      assert.equal(found.json.member.id, anna.id);
      assert.equal(found.json.member.phone, mine);
      const paid = await site.call(shop, 'POST', '/api/v1/orders', order({ customer: { phone } }));
      assert.equal(paid.json.member.id, anna.id);
      assert.equal(paid.json.card.created, false);
    }
  }
});

test('a merge into oneself or in a circle is refused, a second time is harmless', async () => {
  const [anna, boris, clara] = [await customer(1), await customer(2), await customer(3)];
  assert.deepEqual(codes(await merge(anna.id, { member_id: anna.id })), ['invalid_value /member_id']);
  assert.deepEqual(codes(await merge(anna.id, { member_id: 'm_0' })), ['unknown_member /member_id']);
  assert.equal((await merge('m_0', { member_id: anna.id })).status, 404);
  assert.equal((await merge(anna.id, { member_id: boris.id })).status, 200);
  const again = await merge(anna.id, { member_id: boris.id });
  assert.equal(again.status, 200, again.text);
  assert.equal(again.json.points.earned, 0);
  assert.equal(again.json.points.available, 3);
  assert.equal(type(await merge(boris.id, { member_id: anna.id })), 'conflict');
  assert.equal(type(await merge(clara.id, { member_id: boris.id })), 'conflict');
  const chained = await merge(clara.id, { member_id: anna.id });
  assert.equal(chained.status, 200, chained.text);
  assert.equal((await member(boris.id)).json.id, clara.id);
  assert.equal((await wallet(boris.id)).json.points.available, 6);
  assert.deepEqual((await statement(boris.id)).json.items.length, 7);
});

test('sixteen merges of one pair at once are one merge', async () => {
  const [anna, double] = [await customer(10), await customer(20)];
  const answers = await Promise.all(Array.from({ length: 16 }, () => merge(anna.id, { member_id: double.id })));
  assert.ok(answers.every((answer) => answer.status === 200), answers.map((answer) => answer.text).join('\n'));
  assert.deepEqual(answers.map((answer) => answer.json.points.earned).sort((a, b) => a - b), [...Array(15).fill(0), 20]);
  assert.equal((await wallet(anna.id)).json.points.available, 30);
});

test('tills that go on while two members are merged neither lose nor double a point', async () => {
  for (let round = 0; round < 3; ++round) {
    const phone = freshPhone();
    const [anna, double] = [await customer(100), await customer(100, { phone })];
    let sum = 200;
    const till = async (i) => {
      const at = i % 2 ? { card_number: double.number } : { member_id: double.id };
      const held = await hold({ ...at, points: 5 });
      assert.equal(held.status, 201, held.text);
      const ended = i % 3 ? await capture(held.json.hold.id, { points: 3 }) : await release(held.json.hold.id);
      assert.equal(ended.status, 200, ended.text);
      sum -= ended.json.points.spent;
    };
    const gift = async () => {
      const given = await adjust({ card_number: double.number, points: 2 });
      assert.equal(given.status, 201, given.text);
      sum += 2;
    };
    const sale = async () => {
      const paid = await site.call(shop, 'POST', '/api/v1/orders', order({ customer: { phone } }));
      assert.equal(paid.status, 201, paid.text);
      assert.equal(paid.json.card.created, false);
      sum += paid.json.points.earned;
    };
    const takeOver = async () => {
      const merged = await merge(anna.id, { member_id: double.id });
      assert.equal(merged.status, 200, merged.text);
    };
    await Promise.all([till(0), till(1), gift(), sale(), till(2), takeOver(), till(3), gift(), sale(), till(4), till(5)]);
    const points = some((await wallet(double.id)).json.points);
    assert.deepEqual(points, { available: sum, pending: 0, held: 0, debt: 0 });
  }
});

// ---------------------------------------------------------------------------------------- erasure

test('edge 38 an erased member keeps points and journal, and nothing that a person wrote', async () => {
  const anna = await customer(0, { name: 'Erased Person' });
  const double = await customer(0);
  const headers = keyed();
  const body = { member_id: anna.id, points: 50, reason: 'Anna was rude to Mallory' };
  await site.call(operator, 'POST', '/api/v1/adjustments', body, headers);
  await adjust({ member_id: double.id, points: 5, reason: 'Mallory said sorry' });
  await merge(anna.id, { member_id: double.id, reason: 'Mallory is Anna' });
  assert.equal((await site.call(operator, 'DELETE', `/api/v1/members/${double.id}`)).status, 204, 'by the old id');
  const shown = await statement(anna.id);
  const [closed, second, one, other, ...rest] = shown.json.items.map((item) => [item.type, item.amount, item.comment]);
  assert.deepEqual([closed, second], [['close', 0, ''], ['close', 0, '']], 'both cards');
  assert.deepEqual([one, other].sort(), [['merge', -5, ''], ['merge', 5, '']], 'both sides of the merge');
  assert.deepEqual(rest, [['adjust', 5, ''], ['adjust', 50, '']]);
  assert.equal((await member(anna.id)).json.status, 'erased');
  const erasures = await readFile(join(site.folder, 'checkpoints/erasures.jsonl'), 'utf8');
  for (const { id } of [anna, double]) {
    assert.ok(erasures.includes(id), 'a backup from before the merge has to forget both');
  }
  assert.equal((await member(anna.id)).json.phone, null);
  assert.equal((await wallet(anna.id)).json.points.available, 55);
  assert.equal(type(await adjust({ member_id: anna.id, points: 1 })), 'member_erased');
  assert.equal(type(await merge((await customer()).id, { member_id: anna.id })), 'member_erased');
  const replay = await site.call(operator, 'POST', '/api/v1/adjustments', body, headers);
  assert.equal(replay.headers.get('idempotency-replayed'), null, 'its stored answers are gone');
  assert.equal(type(replay), 'member_erased');
});

// ------------------------------------------------------------------------------ service operations

test('D11 what happens to a card stands in the statement with who did it and why', async () => {
  const anna = await customer(50);
  const change = (verb, body) => site.call(operator, 'POST', `/api/v1/cards/${anna.number}/${verb}`, body, keyed());
  for (const [verb, body] of [
    ['block', { reason: 'lost', until: '2100-01-01T00:00:00Z' }],
    ['unblock', { reason: 'found' }],
    ['unblock', { reason: 'nothing to unblock' }],
    ['replace', { reason: 'scratched', compromised: false }],
    ['close', { reason: 'moved away' }],
  ]) {
    const answer = await change(verb, body);
    assert.equal(answer.status, 200, answer.text);
  }
  const { number } = (await card(anna.number)).json;
  const { items } = (await statement(anna.id)).json;
  assert.deepEqual(items.slice(0, 4).map((item) => [item.type, item.amount, item.balance_after, item.comment, item.actor, item.card_number]), [
    ['close', 0, 50, 'moved away', 'desk', number],
    ['replace', 0, 50, 'scratched', 'desk', number],
    ['unblock', 0, 50, 'found', 'desk', number],
    ['block', 0, 50, 'lost', 'desk', number],
  ]);
  assert.equal(items[1].document.name, `Card ${number} in place of ${anna.number}`);
  assert.equal(items[3].document.type, 'card');
  assert.match(items[0].id, /\.5$/);
});

// Last: over everything that the tests above have done.
test('every journal verifies and says what the balances say', async () => {
  await site.stop();
  const verified = passmint(['ledger', 'verify', '--config', site.config]);
  assert.equal(verified.status, 0, verified.stdout + verified.stderr);
});
