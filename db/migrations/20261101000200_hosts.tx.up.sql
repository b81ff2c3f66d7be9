create table hosts (
  id uuid primary key,
  display_name text not null,
  kind text not null,
  country text not null,
  languages text[] not null,
  links text[] not null,
  bio text not null,
  pseudonymous boolean not null,
  trust text not null,
  version bigint not null check (version > 0),
  updated_at timestamptz not null
);
comment on table hosts is
  'People and groups as they present themselves. Who they are stands in private.accounts.';
