create table attendances (
  event_id uuid not null,
  kind text not null,
  device bytea not null check (octet_length(device) = 32),
  id uuid not null,
  key bytea check (octet_length(key) = 32),
  at timestamptz not null,
  primary key (event_id, kind, device)
);
comment on table attendances is
  'One device counts once per event and kind. Device and key are SHA-256 hashes; nothing here leads to a person. No foreign key: crowds would queue for the lock on their event''s row.';
