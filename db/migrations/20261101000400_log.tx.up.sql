create table epoch (
  only_row boolean primary key default true check (only_row),
  value bigint not null check (value between 1 and 4294967295)
);
comment on table epoch is
  'One random number for the life of this database. It must change after a restore, because then positions that were given out may mean other activities.';
insert into epoch (value)
  select 1 + ('x' || substr(md5(gen_random_uuid()::text), 1, 8))::bit(32)::bigint % 4294967295;

create table heads (
  edition_id uuid primary key references editions on delete cascade,
  seq bigint not null default 0,
  at timestamptz,
  edition_seq bigint not null default 0
) with (fillfactor = 50);
comment on table heads is
  'The end of each edition''s log. Its row lock elects the sequencer, so nothing may refer to it by a foreign key.';
comment on column heads.edition_seq is 'The last activity about the edition itself.';

create table outbox (
  id bigint generated always as identity primary key,
  edition_id uuid not null,
  activity_id uuid not null,
  kind text not null,
  event_id uuid,
  at timestamptz not null,
  card jsonb,
  count bigint not null,
  tombstone boolean not null,
  redacts text not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
comment on table outbox is
  'News that is committed but has no number yet. No foreign keys: their locks on one hot edition row would queue all writers.';
create index outbox_edition on outbox (edition_id, id);
create index outbox_event on outbox (event_id, id);
comment on index outbox_event is 'A withdrawal empties what still waits about its event.';

create table activities (
  edition_id uuid not null,
  seq bigint not null check (seq > 0),
  id uuid not null,
  kind text not null,
  event_id uuid,
  at timestamptz not null,
  card jsonb,
  count bigint not null,
  deltas jsonb not null,
  tombstone boolean not null,
  redacts text not null,
  primary key (edition_id, seq)
);
comment on table activities is
  'The public log: dense from 1 in each edition, appended by the sequencer only. Payloads can be emptied later, rows never go.';
create index activities_event on activities (event_id, seq);
comment on index activities_event is 'A withdrawal empties the earlier activities of its event.';

create table standings (
  event_id uuid primary key,
  edition_id uuid not null,
  seq bigint not null,
  listed boolean not null,
  day text not null,
  country text not null,
  way text not null,
  themes text[] not null,
  declared bigint not null,
  check_ins bigint not null,
  cheers bigint not null
) with (fillfactor = 80);
comment on table standings is
  'What each event contributes to the counters, as far as the log tells. Apart from events, so that the sequencer never waits for a writer.';
create index standings_edition on standings (edition_id) where listed;
comment on index standings_edition is 'Proving the counters right.';

create table counters (
  edition_id uuid not null,
  scope text not null,
  key text not null,
  metric text not null,
  value bigint not null,
  primary key (edition_id, scope, key, metric)
) with (fillfactor = 50);
comment on table counters is
  'The sums of all deltas of each edition''s log up to its head, changed in the transaction that moves the head.';
