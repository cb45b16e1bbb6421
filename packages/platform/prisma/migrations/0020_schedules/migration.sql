-- Schedules: what is sent when and to whom, each time that it was due, and the outbox of those times.

create table schedule (
  id               uuid not null default gen_random_uuid() primary key,
  tenant_id        uuid not null default current_tenant() references tenant on delete cascade,
  name             text not null check (name <> ''),
  -- What is sent, when, in which forms and to whom: the capability's own.
  definition       jsonb not null,
  -- on | paused
  state            text not null default 'on',
  -- Why it is paused.
  problem          text,
  -- The time that it is due for, and when somebody looks next: a month that is not closed yet is waited for.
  next_slot        timestamptz not null,
  look_at          timestamptz not null,
  version          integer not null default 1 check (version > 0),
  -- Its figures are those that this person sees.
  owner_id         text not null,
  owner_name       text not null,
  created_at       timestamptz not null default now(),
  changed_at       timestamptz not null default now(),
  deleted_at       timestamptz,
  unique (tenant_id, id)
);
create index on schedule (tenant_id, name, id) where deleted_at is null;
create index on schedule (look_at) where deleted_at is null and state = 'on';

create table schedule_run (
  id          uuid not null default gen_random_uuid() primary key,
  tenant_id   uuid not null default current_tenant() references tenant on delete cascade,
  schedule_id uuid not null,
  -- The time that it was due for; null where somebody asked for it.
  slot        timestamptz,
  -- How many times before it nobody sent anything, since nothing ran.
  missed      integer not null default 0,
  -- Who it goes to where it does not go to everybody that the schedule names.
  only_to     text,
  -- making | sending | sent | partly | failed
  state       text not null default 'making',
  -- Who makes it has so long: then it is begun again, should they have died.
  taken_until timestamptz not null,
  attempts    integer not null default 0,
  problem     text,
  bytes       integer,
  -- What is sent, until it is.
  content     jsonb,
  -- The part of the costs that its figures are of; null is all of the company's.
  scope       jsonb,
  begun_at    timestamptz not null,
  ended_at    timestamptz,
  unique (tenant_id, id),
  -- A time is sent once, whoever notices that it has come.
  unique (tenant_id, schedule_id, slot),
  foreign key (tenant_id, schedule_id) references schedule (tenant_id, id) on delete cascade
);
create index on schedule_run (tenant_id, schedule_id, begun_at desc);
create index on schedule_run (taken_until) where state = 'making';

-- One for each person and channel of a run, sent by its id once or more than once.
create table schedule_delivery (
  id         uuid not null default gen_random_uuid() primary key,
  tenant_id  uuid not null default current_tenant() references tenant on delete cascade,
  run_id     uuid not null,
  person_id  text,
  channel_id text,
  -- Whom it goes to, for people to read.
  name       text not null,
  -- queued | sent | dead
  state      text not null default 'queued',
  attempts   integer not null default 0,
  next_at    timestamptz not null,
  problem    text,
  sent_at    timestamptz,
  check (num_nonnulls(person_id, channel_id) = 1),
  foreign key (tenant_id, run_id) references schedule_run (tenant_id, id) on delete cascade
);
create index on schedule_delivery (tenant_id, run_id);
create index on schedule_delivery (next_at) where state = 'queued';

do $$
declare
  name text;
begin
  foreach name in array array['schedule', 'schedule_run', 'schedule_delivery'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy company on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))',
      name);
    execute format('create policy directory on %I to finops_directory using (true)', name);
    execute format('grant select, insert, update on %I to finops_app', name);
    execute format('grant select on %I to finops_directory', name);
  end loop;
end $$;

-- Wakes those who make and send, in every company where a time has come or something waits.
create function ask_for_due_schedules(p_now timestamptz) returns void
  language sql security definer set search_path = public, pg_temp as $$
  insert into work_item (tenant_id, kind, payload, pool)
  select distinct due.tenant_id, 'send-schedules', '{}'::jsonb, 'schedules'
  from (
    select tenant_id from schedule where deleted_at is null and state = 'on' and look_at <= p_now
    union select tenant_id from schedule_run where state = 'making' and taken_until <= p_now
    union select tenant_id from schedule_delivery where state = 'queued' and next_at <= p_now
  ) as due
  join tenant t on t.id = due.tenant_id and t.state = 'active'
  where not exists (select from work_item w
                    where w.tenant_id = due.tenant_id and w.kind = 'send-schedules' and w.state = 'queued')
$$;

do $$
begin
  grant create on schema public to finops_directory;
  revoke all on function ask_for_due_schedules(timestamptz) from public;
  grant execute on function ask_for_due_schedules(timestamptz) to finops_app;
  alter function ask_for_due_schedules(timestamptz) owner to finops_directory;
  revoke create on schema public from finops_directory;
end $$;
