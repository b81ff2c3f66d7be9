create table private.whereabouts (
  event_id uuid primary key references public.events on delete cascade,
  precision text not null,
  latitude double precision,
  longitude double precision,
  address text not null,
  locality text not null,
  country text not null,
  country_guessed boolean not null,
  zone text not null,
  start_minute integer not null,
  end_minute integer not null,
  all_day boolean not null
);
comment on table private.whereabouts is
  'Where and when events truly are. Hosts may be at risk if this shows.';
