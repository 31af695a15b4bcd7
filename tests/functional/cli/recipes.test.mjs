// assets/rules/README.md: each recipe is applied as a shop would, and its baskets are bought.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshPhone, must, order, root, until } from '../../support/site.mjs';
import { site, shop, member, beginAnew } from '../../support/points_site.mjs';

const guide = readFileSync(join(root, 'assets/rules/README.md'), 'utf8');
const recipes = guide.split(/^## /m).slice(1).map((text) => ({
  name: text.slice(0, text.indexOf('\n')),
  rules: text.match(/```json\n([^]*?)```/)[1],
  buys: JSON.parse(text.match(/```json example\n([^]*?)```/)[1]),
}));

const DAY = 86_400_000;
// "1990-11-22" of a day in Moscow; a day that every year has.
const born = (time) => `1990-${new Date(time).toLocaleDateString('sv-SE', { timeZone: 'Europe/Moscow' }).slice(5).replace('02-29', '02-28')}`;
const birthdays = { today: () => born(Date.now()), 'half a year ago': () => born(Date.now() - 182 * DAY) };
const call = async (method, path, body) => {
  const answer = await site.call(shop, method, path, body);
  assert.ok(answer.status < 300, answer.text);
  return answer.json;
};

async function buy(people, { who, born: day, brought_by: by, location, lines, earned, money, stamps }) {
  const person = (people[who] ??= { phone: freshPhone() });
  const customer = { phone: person.phone };
  if (day) customer.birthday = birthdays[day]();
  if (by) customer.referral = (await call('POST', '/api/v1/promoters', { member_id: people[by].id })).token;
  const body = order({
    customer,
    total: lines.reduce((sum, line) => sum + line.amount, 0),
    lines: lines.map((line, index) => ({ line_id: String(index + 1), ...line })),
    ...(location ? { location } : {}),
  });
  if (money !== undefined) assert.equal((await call('POST', '/api/v1/orders/quote', body)).totals.money, money, who);
  const sold = await call('POST', '/api/v1/orders', body);
  person.id = sold.member.id;
  assert.equal(sold.points.earned, earned, JSON.stringify(sold));
  if (stamps !== undefined) assert.equal(sold.points.stamps[0].count, stamps, who);
}

for (const { name, rules, buys } of recipes) {
  test(`recipe ${name}`, async () => {
    const file = join(site.folder, 'recipe.json');
    writeFileSync(file, rules);
    if (JSON.parse(rules).points) await beginAnew();  // What a point is stays what it was.
    const said = must(['programme', 'lint', file, '--config', site.config]);
    assert.doesNotMatch(said, / error /);
    must(['programme', 'apply', file, '--config', site.config]);
    const people = {};
    for (const one of buys) {
      if (one.lines) await buy(people, one);
      else if (one.pays_for) await call('POST', '/api/v1/memberships', { membership_id: crypto.randomUUID(), plan: one.pays_for, member_id: people[one.who].id });
      else await until(`${one.who} has ${one.pending} pending`, async () => (await member(people[one.who].id)).json.points.pending === one.pending);
    }
  });
}

test('there are thirteen recipes', () => assert.equal(recipes.length, 13));
