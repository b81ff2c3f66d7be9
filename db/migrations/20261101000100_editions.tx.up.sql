create table editions (
  id uuid primary key,
  slug text not null constraint editions_slug_key unique,
  title text not null,
  summary text not null,
  date date not null,
  grace_days integer not null,
  registration_opens_at timestamptz,
  registration_closes_at timestamptz,
  programme_at timestamptz,
  licence text not null,
  attribution text not null,
  languages text[] not null,
  mode text not null,
  stage text not null,
  version bigint not null check (version > 0),
  updated_at timestamptz not null
);
comment on table editions is
  'One worldwide day each: a calendar date that lasts fifty hours over the globe.';

create table edition_themes (
  edition_id uuid not null references editions on delete cascade,
  ordinal integer not null,
  slug text not null,
  title text not null,
  primary key (edition_id, ordinal),
  constraint edition_themes_slug_key unique (edition_id, slug)
);
comment on table edition_themes is 'The subjects of an edition, in the order they are shown.';
