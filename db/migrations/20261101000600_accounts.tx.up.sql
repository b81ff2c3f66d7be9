create schema private;
comment on schema private is
  'What the public must never read. Only the few functions that serve a person''s own data name it.';

create table private.accounts (
  id uuid primary key,
  email text not null constraint accounts_email_key unique check (email = lower(email)),
  roles text[] not null,
  host_id uuid references public.hosts
);
comment on table private.accounts is 'People who can sign in.';

create table private.sign_in_links (
  email text primary key,
  token_hash bytea not null constraint sign_in_links_token_key unique,
  browser_hash bytea,
  roles text[] not null,
  expires_at timestamptz not null
);
comment on table private.sign_in_links is
  'The one link of each address that still works. A newer link replaces it, use removes it.';

create table private.sessions (
  token_hash bytea primary key,
  account_id uuid not null references private.accounts on delete cascade,
  expires_at timestamptz not null
);
comment on table private.sessions is 'Signed-in browsers; only hashes of their tokens.';
create index sessions_account on private.sessions (account_id);

create table private.mails (
  id uuid primary key,
  recipient text not null,
  subject text not null,
  body text not null,
  attempts integer not null,
  written_at timestamptz not null,
  due_at timestamptz not null
);
comment on table private.mails is
  'Mail that waits to be sent. Taking one moves due_at, which is both its lease and its back-off.';
create index mails_due on private.mails (written_at, id);
