// All of api/holds.test.mjs on PostgreSQL, where many transactions run at once.

process.env.PASSMINT_TEST_STORE = 'postgresql';
await import('../api/holds.test.mjs');
