alter table events add column printed_generation integer not null default 0;
comment on column events.printed_generation is
  'The number that printed check-in codes must carry. Raising it makes older posters void.';

alter table attendances add column proof text not null default '';
comment on column attendances.proof is
  'How a check-in was proven: ROTATING or PRINTED; empty for cheers.';

create table private.flags (
  event_id uuid not null references public.events on delete cascade,
  kind text not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  count bigint not null check (count > 0),
  primary key (event_id, kind)
) with (fillfactor = 80);
comment on table private.flags is
  'What stewards should look at, such as check-ins that come too fast. No address stands here.';
create index flags_last on private.flags (last_at desc, event_id, kind);
