// Megaplan's case, table by table and to the kopeck: a bonus whose rate grows with what was bought
// before. A point is a rouble and has two decimal places; all amounts below are kopecks.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { freshPhone, order } from '../../support/site.mjs';
import { customer, some, type, wallet } from '../../support/points_site.mjs';
import { basket, bought, line, publish, quote, sell, send } from '../../support/rules_site.mjs';

const levels = [
  { name: 'none', from: 0 },
  { name: 'five', from: 500000, ppm: 50000 },
  { name: 'ten', from: 1500000, ppm: 100000 },
  { name: 'fifteen', from: 2500000, ppm: 150000 },
  { name: 'quarter', from: 5000000, ppm: 250000 },
];
const rules = (rate_basis = 'before') => ({
  points: { exponent: 2, value: { points: 1, minor: 1 } },
  earn: [{ id: 'bonus', rate: 'tier' }],
  tiers: { rate_basis, levels },
});
// A customer who has bought for so much.
async function buyer(spent) {
  const phone = freshPhone();
  if (spent > 0) await sell(bought(phone, spent));
  return phone;
}

test('G1 G2 the table of rates: each threshold counts from its kopeck on', async () => {
  await publish(rules());
  const table = [  // bought before, bonus of 1,234.56
    [0, 0], [499999, 0],
    [500000, 6172], [1499999, 6172],
    [1500000, 12345], [2499999, 12345],
    [2500000, 18518], [4999999, 18518],
    [5000000, 30864], [99999999, 30864],
  ];
  for (const [spent, bonus] of table) {
    const phone = await buyer(spent);
    assert.equal((await quote(order(bought(phone, 123456)))).json.totals.earned, bonus, `quoted after ${spent}`);
    assert.equal((await sell(bought(phone, 123456))).points.earned, bonus, `after ${spent}`);
  }
});

test('G3 the table of the order that crosses: rated before it, after it, or by parts', async () => {
  const table = [  // bought before, the order, bonus before, after, split
    [400000, 200000, 0, 10000, 5000],
    [499999, 1, 0, 0, 0],
    [1499999, 123456, 6172, 12345, 12345],
    [2400050, 200000, 20000, 30000, 25002],
    [4900000, 200000, 30000, 50000, 40000],
    [400000, 2150000, 0, 322500, 157500],
    [0, 5500000, 0, 1375000, 650000],
  ];
  for (const [column, basis] of ['before', 'after', 'split'].entries()) {
    await publish(rules(basis));
    for (const [spent, amount, ...bonus] of table) {
      const { points } = await sell(bought(await buyer(spent), amount));
      assert.equal(points.earned, bonus[column], `${basis}: ${amount} after ${spent}`);
    }
  }
});

test('G8 G14 the table of what is missing: to the kopeck, at each step of the way', async () => {
  await publish(rules());
  const table = [  // bought so far, level, next, missing
    [1, 'none', 'five', 499999], [499999, 'none', 'five', 1],
    [500000, 'five', 'ten', 1000000], [1499999, 'five', 'ten', 1],
    [1500000, 'ten', 'fifteen', 1000000], [2499999, 'ten', 'fifteen', 1],
    [2500000, 'fifteen', 'quarter', 2500000], [4999999, 'fifteen', 'quarter', 1],
    [5000000, 'quarter', undefined, undefined],
  ];
  for (const [spent, level, next, missing] of table) {
    const { tier } = await sell(bought(freshPhone(), spent));
    assert.deepEqual([tier.name, tier.next?.name, tier.next?.missing_minor], [level, next, missing], `${spent}`);
  }
});

test('G9 G10 G11 the table of paying: only what is asked for, never more than the deal, whole or as far as it goes', async () => {
  await publish({ ...rules(), earn: [] });
  const table = [  // on the account, the deal, asked for, mode -> status, paid by points, left
    [70000, 50000, 50000, 'refuse', 201, 50000, 20000],
    [70000, 50000, 70000, 'refuse', 422, 0, 70000],
    [70000, 50000, 0, 'refuse', 201, 0, 70000],
    [30000, 50000, 30000, 'refuse', 201, 30000, 0],
    [30000, 50000, 30001, 'refuse', 409, 0, 30000],
    [30000, 50000, 30001, 'up_to', 201, 30000, 0],
    [1, 50000, 1, 'refuse', 201, 1, 0],
  ];
  for (const [had, deal, asked, on_insufficient, status, paid, left] of table) {
    const phone = freshPhone();
    const { id } = await customer(had, { phone });
    const row = `${asked} of ${had} for ${deal}, ${on_insufficient}`;
    const answer = await send(basket(phone, [line(deal, asked ? { points: asked } : {})], { on_insufficient }));
    assert.equal(answer.status, status, `${row}: ${answer.text}`);
    if (status === 409) assert.equal(type(answer), 'insufficient_points', row);
    if (status === 201) assert.equal(answer.json.points.spent, paid, row);
    const { points } = (await wallet(id)).json;
    assert.deepEqual(some(points), { available: left, pending: 0, held: 0, debt: 0 }, row);
  }
});
