create table events (
  id uuid primary key,
  edition_id uuid not null references editions,
  host_id uuid not null references hosts,
  slug text not null constraint events_slug_key unique,
  link_key text not null constraint events_link_key_key unique,
  way text not null,
  title text not null,
  summary text not null,
  story text not null,
  media text[] not null,
  themes text[] not null,
  language text not null,
  precision text not null,
  latitude double precision check (latitude between -90 and 90),
  longitude double precision check (longitude between -180 and 180),
  locality text not null,
  country text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  all_day boolean not null,
  zone text not null,
  offset_seconds integer not null,
  online_url text not null,
  rsvp_url text not null,
  access text[] not null,
  rain_plan text not null,
  expected_people integer not null,
  declared_people integer not null,
  permission text not null,
  review text not null,
  review_reason text not null,
  day text not null,
  day_by text not null,
  day_reason text not null,
  postponed_to date,
  source_name text not null,
  source_id text not null,
  source_url text not null,
  version bigint not null check (version > 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  listed_at timestamptz not null,
  live_at timestamptz not null,
  done_at timestamptz not null,
  own_words tsvector not null,
  host_words tsvector not null,
  words tsvector not null generated always as (own_words || host_words) stored,
  constraint events_point_check check ((latitude is null) = (longitude is null))
) with (autovacuum_vacuum_insert_scale_factor = 0.02);
comment on table events is
  'The public side of events: where and when are coarsened already. The truth is in private.whereabouts.';
comment on column events.listed_at is
  'Year 1 when it has not happened, so that pages can be keyed by it; likewise live_at and done_at.';
comment on column events.own_words is
  'What the event itself is found by, made in Go for every script alike. No dictionary is used.';
comment on column events.host_words is 'What the event is found by because of its host''s name.';

create unique index events_source_key on events (edition_id, source_name, source_id)
  where source_id <> '';
comment on index events_source_key is 'A partner''s event is imported once into an edition.';

create index events_listed_start on events (edition_id, starts_at, id) where review = 'LISTED';
create index events_listed_country on events (edition_id, country, starts_at, id)
  where review = 'LISTED';
create index events_listed_newest on events (edition_id, listed_at desc, id desc)
  where review = 'LISTED';
create index events_listed_updated on events (edition_id, updated_at desc, id desc)
  where review = 'LISTED';
comment on index events_listed_start is
  'Keyset pages of the public list; queries must name review = ''LISTED'' literally to use it.';

create index events_listed_count on events (edition_id, country) where review = 'LISTED';
comment on index events_listed_count is
  'Counting: so few different keys that Postgres stores each once, and the whole index is some 80 pages.';

create index events_listed_any_start on events (starts_at, id) where review = 'LISTED';
comment on index events_listed_any_start is 'Pages over all editions.';

create index events_upcoming_start on events (starts_at, id)
  where review = 'LISTED' and day in ('PLANNED', 'CONFIRMED', 'MOVED', 'WENT_DIGITAL');
comment on index events_upcoming_start is 'What the clock starts next.';

create index events_live_end on events (ends_at, id) where review = 'LISTED' and day = 'LIVE';
comment on index events_live_end is 'What the clock ends next.';

create index events_review_start on events (review, starts_at, id) where review <> 'LISTED';
comment on index events_review_start is 'The stewards'' queue.';

create index events_host on events (host_id, starts_at, id);

create index events_listed_point on events using gist (point(longitude, latitude))
  where review = 'LISTED' and latitude is not null;
comment on index events_listed_point is
  'Boxes on the map: x is longitude, y is latitude. A box over the antimeridian is asked as two.';

create index events_words on events using gin (words);
comment on index events_words is 'Text search; lexemes are quoted by the hub, never parsed.';
