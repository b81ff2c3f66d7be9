create table private.receipts (
  scope text not null,
  key text not null,
  act text not null,
  input_hash bytea not null,
  answer bytea not null,
  at timestamptz not null,
  primary key (scope, key)
);
comment on table private.receipts is
  'The first answer to an act under an idempotency key, for its actor to get again.';
create index receipts_at on private.receipts (at);
comment on index private.receipts_at is 'Sweeping out old receipts.';

create table private.audit (
  id bigint generated always as identity primary key,
  event_id uuid not null,
  account_id uuid,
  act text not null,
  reason text not null,
  at timestamptz not null
);
comment on table private.audit is 'Who did what to an event and why. Appended only.';
create index audit_event on private.audit (event_id, id);
