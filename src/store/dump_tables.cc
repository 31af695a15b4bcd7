#include "store/dump.h"
#include "store/migrations.h"

namespace passmint::store {

using sql::Statement;

// In the order of the migrations. A test compares it with what they make.
// NOLINTNEXTLINE(readability-function-size): a list of tables, nothing is decided in it.
const std::vector<DumpTable>& DumpTables() {
  static const std::vector<DumpTable> tables = {
      {"member", "ttttttttiiitiitt",
       "programme, id, account, merged_into, name, locale, birthday, attributes, erased, "
       "created_at, changed_at, time_zone, opted_in, opted_at, opted_by, acts_for",
       Statement(
           "SELECT programme, id, account, merged_into, name, locale, birthday, attributes, "
           "erased, created_at, changed_at, time_zone, opted_in, opted_at, opted_by, acts_for FROM "
           "member ORDER BY programme, id"),
       Statement("INSERT INTO member (programme, id, account, merged_into, name, locale, birthday, "
                 "attributes, erased, created_at, changed_at, time_zone, opted_in, opted_at, "
                 "opted_by, acts_for) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
                 "$13, $14, "
                 "$15, $16)"),
       Statement("SELECT 1 FROM member LIMIT 1")},
      {"member_identity", "ttttii", "programme, type, value, member, verified_at, merged",
       Statement("SELECT programme, type, value, member, verified_at, merged FROM member_identity "
                 "ORDER BY programme, type, value"),
       Statement("INSERT INTO member_identity (programme, type, value, member, verified_at, "
                 "merged) VALUES ($1, $2, $3, $4, $5, $6)"),
       Statement("SELECT 1 FROM member_identity LIMIT 1")},
      {"card", "tttttttittttiiit",
       "programme, id, member, number, template, status, status_reason, blocked_until, link_token, "
       "serial, google_suffix, key_id, revision, changed_at, created_at, holder",
       Statement("SELECT programme, id, member, number, template, status, status_reason, "
                 "blocked_until, link_token, serial, google_suffix, key_id, revision, changed_at, "
                 "created_at, holder FROM card ORDER BY programme, id"),
       Statement(
           "INSERT INTO card (programme, id, member, number, template, status, status_reason, "
           "blocked_until, link_token, serial, google_suffix, key_id, revision, changed_at, "
           "created_at, holder) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
           "$14, $15, $16)"),
       Statement("SELECT 1 FROM card LIMIT 1")},
      {"card_number", "ttti", "programme, number, card, compromised",
       Statement("SELECT programme, number, card, compromised FROM card_number ORDER BY programme, "
                 "number"),
       Statement("INSERT INTO card_number (programme, number, card, compromised) VALUES ($1, $2, "
                 "$3, $4)"),
       Statement("SELECT 1 FROM card_number LIMIT 1")},
      {"shop_order", "tttttttiiittb",
       "programme, source, id, fingerprint, member, card, account, total_minor, paid_at, "
       "received_at, body, answer, record",
       Statement("SELECT programme, source, id, fingerprint, member, card, account, total_minor, "
                 "paid_at, received_at, body, answer, record FROM shop_order ORDER BY programme, "
                 "source, id"),
       Statement("INSERT INTO shop_order (programme, source, id, fingerprint, member, card, "
                 "account, total_minor, paid_at, received_at, body, answer, record) VALUES ($1, "
                 "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"),
       Statement("SELECT 1 FROM shop_order LIMIT 1")},
      {"design_version", "ttittiiiitttitt",
       "programme, template, version, hash, kind, ring, reach, changed_at, published_at, author, "
       "published_by, comment, withdrawn_at, withdrawn_by, withdrawn_because",
       Statement("SELECT programme, template, version, hash, kind, ring, reach, changed_at, "
                 "published_at, author, published_by, comment, withdrawn_at, withdrawn_by, "
                 "withdrawn_because FROM design_version ORDER BY programme, template, version"),
       Statement("INSERT INTO design_version (programme, template, version, hash, kind, ring, "
                 "reach, changed_at, published_at, author, published_by, comment, withdrawn_at, "
                 "withdrawn_by, withdrawn_because) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
                 "$10, $11, $12, $13, $14, $15)"),
       Statement("SELECT 1 FROM design_version LIMIT 1")},
      {"design_file", "ttitb", "programme, template, version, path, content",
       Statement("SELECT programme, template, version, path, content FROM design_file ORDER BY "
                 "programme, template, version, path"),
       Statement("INSERT INTO design_file (programme, template, version, path, content) VALUES "
                 "($1, $2, $3, $4, $5)"),
       Statement("SELECT 1 FROM design_file LIMIT 1")},
      {"template_draft", "tttti", "programme, template, etag, author, updated_at",
       Statement("SELECT programme, template, etag, author, updated_at FROM template_draft ORDER "
                 "BY programme, template"),
       Statement("INSERT INTO template_draft (programme, template, etag, author, updated_at) "
                 "VALUES ($1, $2, $3, $4, $5)"),
       Statement("SELECT 1 FROM template_draft LIMIT 1")},
      {"draft_file", "tttb", "programme, template, path, content",
       Statement("SELECT programme, template, path, content FROM draft_file ORDER BY programme, "
                 "template, path"),
       Statement(
           "INSERT INTO draft_file (programme, template, path, content) VALUES ($1, $2, $3, $4)"),
       Statement("SELECT 1 FROM draft_file LIMIT 1")},
      {"image", "tb", "sha256, content",
       Statement("SELECT sha256, content FROM image ORDER BY sha256"),
       Statement("INSERT INTO image (sha256, content) VALUES ($1, $2)"),
       Statement("SELECT 1 FROM image LIMIT 1")},
      {"stored_answer", "tttibti", "scope, key, fingerprint, status, body, member, expires_at",
       Statement("SELECT scope, key, fingerprint, status, body, member, expires_at FROM "
                 "stored_answer ORDER BY scope, key"),
       Statement("INSERT INTO stored_answer (scope, key, fingerprint, status, body, member, "
                 "expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
       Statement("SELECT 1 FROM stored_answer LIMIT 1")},
      {"api_key", "ttttttiit",
       "programme, id, name, roles, secret_hash, source, created_at, revoked_at, member",
       Statement("SELECT programme, id, name, roles, secret_hash, source, created_at, revoked_at, "
                 "member FROM api_key ORDER BY programme, id"),
       Statement("INSERT INTO api_key (programme, id, name, roles, secret_hash, source, "
                 "created_at, revoked_at, member) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"),
       Statement("SELECT 1 FROM api_key LIMIT 1")},
      {"setting", "tt", "name, value",
       Statement("SELECT name, value FROM setting WHERE name <> 'clock.heartbeat' AND name NOT "
                 "LIKE 'restore.%' ORDER BY name"),
       Statement("INSERT INTO setting (name, value) VALUES ($1, $2)"),
       Statement("SELECT 1 FROM setting LIMIT 1")},
      {"account", "ttibiibi",
       "programme, id, sequence, head, next_due, far_lots, state, far_sliding",
       Statement(
           "SELECT programme, id, sequence, head, next_due, far_lots, state, far_sliding FROM "
           "account ORDER BY programme, id"),
       Statement("INSERT INTO account (programme, id, sequence, head, next_due, far_lots, state, "
                 "far_sliding) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
       Statement("SELECT 1 FROM account LIMIT 1")},
      {"lot", "ttiiiibi", "programme, account, id, expires_at, available, due, state, slides",
       Statement(
           "SELECT programme, account, id, expires_at, available, due, state, slides FROM lot "
           "ORDER BY programme, account, id"),
       Statement("INSERT INTO lot (programme, account, id, expires_at, available, due, state, "
                 "slides) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
       Statement("SELECT 1 FROM lot LIMIT 1")},
      {"entry", "ttibb", "programme, account, sequence, body, hash",
       Statement("SELECT programme, account, sequence, body, hash FROM entry ORDER BY programme, "
                 "account, sequence"),
       Statement("INSERT INTO entry (programme, account, sequence, body, hash) VALUES ($1, $2, $3, "
                 "$4, $5)"),
       Statement("SELECT 1 FROM entry LIMIT 1")},
      {"entry_note", "ttibt", "programme, account, sequence, salt, note",
       Statement("SELECT programme, account, sequence, salt, note FROM entry_note ORDER BY "
                 "programme, account, sequence"),
       Statement("INSERT INTO entry_note (programme, account, sequence, salt, note) VALUES ($1, "
                 "$2, $3, $4, $5)"),
       Statement("SELECT 1 FROM entry_note LIMIT 1")},
      {"hold", "ttttb", "programme, id, account, card, ended",
       Statement("SELECT programme, id, account, card, ended FROM hold ORDER BY programme, id"),
       Statement(
           "INSERT INTO hold (programme, id, account, card, ended) VALUES ($1, $2, $3, $4, $5)"),
       Statement("SELECT 1 FROM hold LIMIT 1")},
      {"refund", "tttttit", "programme, source, order_id, id, fingerprint, received_at, answer",
       Statement("SELECT programme, source, order_id, id, fingerprint, received_at, answer FROM "
                 "refund ORDER BY programme, source, order_id, id"),
       Statement("INSERT INTO refund (programme, source, order_id, id, fingerprint, received_at, "
                 "answer) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
       Statement("SELECT 1 FROM refund LIMIT 1")},
      {"parked_refund", "tttttitt",
       "programme, source, order_id, id, fingerprint, received_at, request, actor",
       Statement("SELECT programme, source, order_id, id, fingerprint, received_at, request, actor "
                 "FROM parked_refund ORDER BY programme, source, order_id, id"),
       Statement("INSERT INTO parked_refund (programme, source, order_id, id, fingerprint, "
                 "received_at, request, actor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
       Statement("SELECT 1 FROM parked_refund LIMIT 1")},
      {"delivery", "tttiiii", "programme, card, channel, wanted, sent, due_at, attempts",
       Statement("SELECT programme, card, channel, wanted, sent, due_at, attempts FROM delivery "
                 "ORDER BY programme, card, channel"),
       Statement("INSERT INTO delivery (programme, card, channel, wanted, sent, due_at, attempts) "
                 "VALUES ($1, $2, $3, $4, $5, $6, $7)"),
       Statement("SELECT 1 FROM delivery LIMIT 1")},
      {"device", "tttii", "programme, id, push_token, registered_at, listed_at",
       Statement("SELECT programme, id, push_token, registered_at, listed_at FROM device ORDER BY "
                 "programme, id"),
       Statement("INSERT INTO device (programme, id, push_token, registered_at, listed_at) VALUES "
                 "($1, $2, $3, $4, $5)"),
       Statement("SELECT 1 FROM device LIMIT 1")},
      {"registration", "ttti", "programme, device, card, registered_at",
       Statement("SELECT programme, device, card, registered_at FROM registration ORDER BY "
                 "programme, device, card"),
       Statement("INSERT INTO registration (programme, device, card, registered_at) VALUES ($1, "
                 "$2, $3, $4)"),
       Statement("SELECT 1 FROM registration LIMIT 1")},
      {"pass_fetch", "ttiii", "programme, card, fetched_at, status, revision",
       Statement("SELECT programme, card, fetched_at, status, revision FROM pass_fetch ORDER BY "
                 "programme, card"),
       Statement("INSERT INTO pass_fetch (programme, card, fetched_at, status, revision) VALUES "
                 "($1, $2, $3, $4, $5)"),
       Statement("SELECT 1 FROM pass_fetch LIMIT 1")},
      {"device_log", "ttittt", "programme, id, logged_at, serial, kind, message",
       Statement("SELECT programme, id, logged_at, serial, kind, message FROM device_log ORDER BY "
                 "programme, id"),
       Statement("INSERT INTO device_log (programme, id, logged_at, serial, kind, message) VALUES "
                 "($1, $2, $3, $4, $5, $6)"),
       Statement("SELECT 1 FROM device_log LIMIT 1")},
      {"device_push", "ttiiiiitiiit",
       "programme, device, due_at, wanted, told, wanted_at, pushed_at, apns_id, rested_at, "
       "asked_again, attempts, failure",
       Statement("SELECT programme, device, due_at, wanted, told, wanted_at, pushed_at, apns_id, "
                 "rested_at, asked_again, attempts, failure FROM device_push ORDER BY programme, "
                 "device"),
       Statement("INSERT INTO device_push (programme, device, due_at, wanted, told, wanted_at, "
                 "pushed_at, apns_id, rested_at, asked_again, attempts, failure) VALUES ($1, $2, "
                 "$3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"),
       Statement("SELECT 1 FROM device_push LIMIT 1")},
      {"rollout", "ttiititiiiii",
       "programme, template, version, ring, state, per_second, after_card, seen, told, due_at, "
       "started_at, changed_at",
       Statement("SELECT programme, template, version, ring, state, per_second, after_card, "
                 "seen, told, due_at, started_at, changed_at FROM rollout ORDER BY programme, "
                 "template"),
       Statement("INSERT INTO rollout (programme, template, version, ring, state, per_second, "
                 "after_card, seen, told, due_at, started_at, changed_at) VALUES ($1, $2, $3, "
                 "$4, $5, $6, $7, $8, $9, $10, $11, $12)"),
       Statement("SELECT 1 FROM rollout LIMIT 1")},
      {"google_object", "tttiiittttiitiit",
       "programme, card, suffix, inserted_at, patched_at, sent_revision, shown, announced, "
       "message, notified, has_users, checked_at, callback, callback_at, attempts, failure",
       Statement("SELECT programme, card, suffix, inserted_at, patched_at, sent_revision, shown, "
                 "announced, message, notified, has_users, checked_at, callback, callback_at, "
                 "attempts, failure FROM google_object ORDER BY programme, card"),
       Statement("INSERT INTO google_object (programme, card, suffix, inserted_at, patched_at, "
                 "sent_revision, shown, announced, message, notified, has_users, checked_at, "
                 "callback, callback_at, attempts, failure) VALUES ($1, $2, $3, $4, $5, $6, $7, "
                 "$8, $9, $10, $11, $12, $13, $14, $15, $16)"),
       Statement("SELECT 1 FROM google_object LIMIT 1")},
      {"google_class", "ttiiiit",
       "programme, template, sent_version, due_at, lease_until, attempts, failure",
       Statement("SELECT programme, template, sent_version, due_at, lease_until, attempts, failure "
                 "FROM google_class ORDER BY programme, template"),
       Statement("INSERT INTO google_class (programme, template, sent_version, due_at, "
                 "lease_until, attempts, failure) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
       Statement("SELECT 1 FROM google_class LIMIT 1")},
      {"callback_nonce", "tti", "programme, nonce, expires_at",
       Statement(
           "SELECT programme, nonce, expires_at FROM callback_nonce ORDER BY programme, nonce"),
       Statement("INSERT INTO callback_nonce (programme, nonce, expires_at) VALUES ($1, $2, $3)"),
       Statement("SELECT 1 FROM callback_nonce LIMIT 1")},
      {"request_budget", "ti", "name, free_at",
       Statement("SELECT name, free_at FROM request_budget ORDER BY name"),
       Statement("INSERT INTO request_budget (name, free_at) VALUES ($1, $2)"),
       Statement("SELECT 1 FROM request_budget LIMIT 1")},
      {"rule_set", "titittitt",
       "programme, version, hash, effective_from, author, published_by, published_at, comment, "
       "content",
       Statement("SELECT programme, version, hash, effective_from, author, published_by, "
                 "published_at, comment, content FROM rule_set ORDER BY programme, version"),
       Statement("INSERT INTO rule_set (programme, version, hash, effective_from, author, "
                 "published_by, published_at, comment, content) VALUES ($1, $2, $3, $4, $5, $6, "
                 "$7, $8, $9)"),
       Statement("SELECT 1 FROM rule_set LIMIT 1")},
      {"rule_draft", "tttti", "programme, etag, content, author, updated_at",
       Statement("SELECT programme, etag, content, author, updated_at FROM rule_draft ORDER BY "
                 "programme"),
       Statement("INSERT INTO rule_draft (programme, etag, content, author, updated_at) VALUES "
                 "($1, $2, $3, $4, $5)"),
       Statement("SELECT 1 FROM rule_draft LIMIT 1")},
      {"member_progress", "ttiiiit",
       "programme, member, orders, spend, points_earned, last_order_at, counters",
       Statement("SELECT programme, member, orders, spend, points_earned, last_order_at, counters "
                 "FROM member_progress ORDER BY programme, member"),
       Statement("INSERT INTO member_progress (programme, member, orders, spend, points_earned, "
                 "last_order_at, counters) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
       Statement("SELECT 1 FROM member_progress LIMIT 1")},
      {"budget", "tti", "programme, id, spent",
       Statement("SELECT programme, id, spent FROM budget ORDER BY programme, id"),
       Statement("INSERT INTO budget (programme, id, spent) VALUES ($1, $2, $3)"),
       Statement("SELECT 1 FROM budget LIMIT 1")},
      {"customer_group", "ttt", "programme, id, name",
       Statement("SELECT programme, id, name FROM customer_group ORDER BY programme, id"),
       Statement("INSERT INTO customer_group (programme, id, name) VALUES ($1, $2, $3)"),
       Statement("SELECT 1 FROM customer_group LIMIT 1")},
      {"group_member", "ttt", "programme, member, group_id",
       Statement("SELECT programme, member, group_id FROM group_member ORDER BY programme, member, "
                 "group_id"),
       Statement("INSERT INTO group_member (programme, member, group_id) VALUES ($1, $2, $3)"),
       Statement("SELECT 1 FROM group_member LIMIT 1")},
      {"coupon_code", "tttttiiiitt",
       "programme, key, code, coupon, member, uses, uses_max, valid_from, valid_until, "
       "void_reason, actor",
       Statement("SELECT programme, key, code, coupon, member, uses, uses_max, valid_from, "
                 "valid_until, void_reason, actor FROM coupon_code ORDER BY programme, key"),
       Statement(
           "INSERT INTO coupon_code (programme, key, code, coupon, member, uses, uses_max, "
           "valid_from, valid_until, void_reason, actor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
           "$9, $10, $11)"),
       Statement("SELECT 1 FROM coupon_code LIMIT 1")},
      {"reward_stock", "ttii", "programme, reward, stock, claimed",
       Statement(
           "SELECT programme, reward, stock, claimed FROM reward_stock ORDER BY programme, reward"),
       Statement(
           "INSERT INTO reward_stock (programme, reward, stock, claimed) VALUES ($1, $2, $3, $4)"),
       Statement("SELECT 1 FROM reward_stock LIMIT 1")},
      {"reward_claim", "ttttttittiib",
       "programme, id, caller_id, reward, member, account, points, coupon, status, claimed_at, "
       "ended_at, record",
       Statement("SELECT programme, id, caller_id, reward, member, account, points, coupon, "
                 "status, claimed_at, ended_at, record FROM reward_claim ORDER BY programme, id"),
       Statement("INSERT INTO reward_claim (programme, id, caller_id, reward, member, account, "
                 "points, coupon, status, claimed_at, ended_at, record) VALUES ($1, $2, $3, $4, "
                 "$5, $6, $7, $8, $9, $10, $11, $12)"),
       Statement("SELECT 1 FROM reward_claim LIMIT 1")},
      {"award", "ttttiiiitt",
       "programme, member, rule, occurrence, given_at, rule_set, count, points, entry, limits",
       Statement("SELECT programme, member, rule, occurrence, given_at, rule_set, count, points, "
                 "entry, limits FROM award ORDER BY programme, member, rule, occurrence"),
       Statement("INSERT INTO award (programme, member, rule, occurrence, given_at, rule_set, "
                 "count, points, entry, limits) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"),
       Statement("SELECT 1 FROM award LIMIT 1")},
      {"calendar_place", "titttttii",
       "programme, due_at, rule, zone, occurrence, born, member, done, leased_until",
       Statement("SELECT programme, due_at, rule, zone, occurrence, born, member, done, "
                 "leased_until FROM calendar_place ORDER BY programme"),
       Statement("INSERT INTO calendar_place (programme, due_at, rule, zone, occurrence, born, "
                 "member, done, leased_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"),
       Statement("SELECT 1 FROM calendar_place LIMIT 1")},
      {"event", "ttttttttiiiittitttt",
       "programme, source, id, case_id, fingerprint, type, member, subject, quantity, occurred_at, "
       "received_at, rule_set, state, proof, points, entry, refusal, reason, decided_by",
       Statement("SELECT programme, source, id, case_id, fingerprint, type, member, subject, "
                 "quantity, occurred_at, received_at, rule_set, state, proof, points, entry, "
                 "refusal, reason, decided_by FROM event ORDER BY programme, source, id"),
       Statement("INSERT INTO event (programme, source, id, case_id, fingerprint, type, member, "
                 "subject, quantity, occurred_at, received_at, rule_set, state, proof, points, "
                 "entry, refusal, reason, decided_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
                 "$10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"),
       Statement("SELECT 1 FROM event LIMIT 1")},
      {"promoter", "tttttii", "programme, id, member, code, key_id, rate_ppm, created_at",
       Statement("SELECT programme, id, member, code, key_id, rate_ppm, created_at FROM promoter "
                 "ORDER BY programme, id"),
       Statement("INSERT INTO promoter (programme, id, member, code, key_id, rate_ppm, "
                 "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
       Statement("SELECT 1 FROM promoter LIMIT 1")},
      {"referral", "ttttti", "programme, friend, promoter, refusal, actor, created_at",
       Statement("SELECT programme, friend, promoter, refusal, actor, created_at FROM referral "
                 "ORDER BY programme, friend"),
       Statement("INSERT INTO referral (programme, friend, promoter, refusal, actor, created_at) "
                 "VALUES ($1, $2, $3, $4, $5, $6)"),
       Statement("SELECT 1 FROM referral LIMIT 1")},
      {"referral_reward", "ttttttttttiittiiitttiiib",
       "programme, id, rule, source, order_id, side, promoter, friend, member, account, rule_set, "
       "ppm, state, refusal, paid, refunded, points, limits, period, entry, active_at, "
       "created_at, due_at, record",
       Statement("SELECT programme, id, rule, source, order_id, side, promoter, friend, member, "
                 "account, rule_set, ppm, state, refusal, paid, refunded, points, limits, period, "
                 "entry, active_at, created_at, due_at, record FROM referral_reward ORDER BY "
                 "programme, id"),
       Statement("INSERT INTO referral_reward (programme, id, rule, source, order_id, side, "
                 "promoter, friend, member, account, rule_set, ppm, state, refusal, paid, "
                 "refunded, points, limits, period, entry, active_at, created_at, due_at, record) "
                 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "
                 "$17, $18, $19, $20, $21, $22, $23, $24)"),
       Statement("SELECT 1 FROM referral_reward LIMIT 1")},
      {"member_tier", "tttiiiiit",
       "programme, member, level, since, metric, rule_set, due_at, falls_at, falls_to",
       Statement("SELECT programme, member, level, since, metric, rule_set, due_at, falls_at, "
                 "falls_to FROM member_tier ORDER BY programme, member"),
       Statement("INSERT INTO member_tier (programme, member, level, since, metric, rule_set, "
                 "due_at, falls_at, falls_to) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"),
       Statement("SELECT 1 FROM member_tier LIMIT 1")},
      {"own_template", "ttt", "programme, card, template",
       Statement("SELECT programme, card, template FROM own_template ORDER BY programme, card"),
       Statement("INSERT INTO own_template (programme, card, template) VALUES ($1, $2, $3)"),
       Statement("SELECT 1 FROM own_template LIMIT 1")},
      {"given_by_hand", "titiii", "programme, day, actor, given, taken, adjustments",
       Statement("SELECT programme, day, actor, given, taken, adjustments FROM given_by_hand "
                 "ORDER BY programme, day, actor"),
       Statement("INSERT INTO given_by_hand (programme, day, actor, given, taken, adjustments) "
                 "VALUES ($1, $2, $3, $4, $5, $6)"),
       Statement("SELECT 1 FROM given_by_hand LIMIT 1")},
      {"card_terms", "ttiiit", "programme, card, rate_ppm, price_minor, paid_at, payment",
       Statement("SELECT programme, card, rate_ppm, price_minor, paid_at, payment FROM card_terms "
                 "ORDER BY programme, card"),
       Statement("INSERT INTO card_terms (programme, card, rate_ppm, price_minor, paid_at, "
                 "payment) VALUES ($1, $2, $3, $4, $5, $6)"),
       Statement("SELECT 1 FROM card_terms LIMIT 1")},
      {"membership", "ttttittiiiiti",
       "programme, id, member, plan, price_minor, source, order_id, starts_at, ends_at, lapses_at, "
       "cancelled_at, actor, created_at",
       Statement(
           "SELECT programme, id, member, plan, price_minor, source, order_id, starts_at, ends_at, "
           "lapses_at, cancelled_at, actor, created_at FROM membership ORDER BY programme, id"),
       Statement("INSERT INTO membership (programme, id, member, plan, price_minor, source, "
                 "order_id, starts_at, ends_at, lapses_at, cancelled_at, actor, created_at) VALUES "
                 "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"),
       Statement("SELECT 1 FROM membership LIMIT 1")},
      {"attribute_source", "tttt", "programme, member, name, source",
       Statement("SELECT programme, member, name, source FROM attribute_source ORDER BY programme, "
                 "member, name"),
       Statement("INSERT INTO attribute_source (programme, member, name, source) VALUES ($1, $2, "
                 "$3, $4)"),
       Statement("SELECT 1 FROM attribute_source LIMIT 1")},
      {"organisation", "tttiit", "programme, id, member, valid_until, created_at, created_by",
       Statement("SELECT programme, id, member, valid_until, created_at, created_by FROM "
                 "organisation ORDER BY programme, id"),
       Statement("INSERT INTO organisation (programme, id, member, valid_until, created_at, "
                 "created_by) VALUES ($1, $2, $3, $4, $5, $6)"),
       Statement("SELECT 1 FROM organisation LIMIT 1")},
      {"organisation_user", "ttttiit", "programme, organisation, member, role, since, until, actor",
       Statement("SELECT programme, organisation, member, role, since, until, actor FROM "
                 "organisation_user ORDER BY programme, organisation, member"),
       Statement(
           "INSERT INTO organisation_user (programme, organisation, member, role, since, until, "
           "actor) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
       Statement("SELECT 1 FROM organisation_user LIMIT 1")},
      {"organisation_guest", "ttttiit",
       "programme, organisation, member, host, since, until, actor",
       Statement("SELECT programme, organisation, member, host, since, until, actor FROM "
                 "organisation_guest ORDER BY programme, organisation, member"),
       Statement("INSERT INTO organisation_guest (programme, organisation, member, host, since, "
                 "until, actor) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
       Statement("SELECT 1 FROM organisation_guest LIMIT 1")},
      // Those that are still to run: what has ended says nothing of the store that it is restored
      // to.
      {"replay_job", "tttiiitiiittiiti",
       "programme, id, status, from_at, to_at, examples, draft, read_count, judged, to_judge, "
       "result, problem, created_at, due_at, worker, attempts",
       Statement("SELECT programme, id, status, from_at, to_at, examples, draft, read_count, "
                 "judged, to_judge, result, problem, created_at, due_at, worker, attempts FROM "
                 "replay_job WHERE due_at IS NOT NULL ORDER BY programme, id"),
       Statement("INSERT INTO replay_job (programme, id, status, from_at, to_at, examples, draft, "
                 "read_count, judged, to_judge, result, problem, created_at, due_at, worker, "
                 "attempts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
                 "$15, $16)"),
       Statement("SELECT 1 FROM replay_job LIMIT 1")},
  };
  return tables;
}

int DumpSchema() { return Migrations().back().version; }

}  // namespace passmint::store
