create table private.secrets (
  name text primary key,
  value bytea not null check (length(value) = 32),
  created_at timestamptz not null default now()
);
comment on table private.secrets is
  'Random keys that all hubs of one database share, such as the one that hides addresses in Redis. Made when first asked for.';
