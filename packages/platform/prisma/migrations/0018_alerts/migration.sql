-- Alerts: the rules that make them, what they live through, where they go, and the outbox that brings them there.

create table alert_rule (
  id                 uuid not null default gen_random_uuid() primary key,
  tenant_id          uuid not null default current_tenant() references tenant on delete cascade,
  name               text not null check (name <> ''),
  -- Severity, conditions, patience, quiet hours and channels: the capability's own.
  definition         jsonb not null,
  is_on              boolean not null default true,
  version            integer not null default 1 check (version > 0),
  -- What it was looked at for last: the day in the company's time zone, and the data set.
  evaluated_day      date,
  evaluated_position bigint,
  -- Why it cannot be worked out, for who wrote it.
  problem            text,
  changed_by_id      text not null,
  changed_by_name    text not null,
  created_at         timestamptz not null default now(),
  changed_at         timestamptz not null default now(),
  deleted_at         timestamptz,
  unique (tenant_id, id)
);
create index on alert_rule (tenant_id, name, id) where deleted_at is null;

create table alert_channel (
  id              uuid not null default gen_random_uuid() primary key,
  tenant_id       uuid not null default current_tenant() references tenant on delete cascade,
  name            text not null check (name <> ''),
  kind            text not null,
  -- As much of where it goes as is no secret; the rest is sealed by the company's vault.
  address         text not null,
  target_sealed   text not null,
  is_on           boolean not null default true,
  per_minute_max  integer not null check (per_minute_max > 0),
  version         integer not null default 1 check (version > 0),
  -- Attempts to deliver that failed in a row.
  failures        integer not null default 0,
  owner_id        text not null,
  owner_name      text not null,
  created_at      timestamptz not null default now(),
  changed_at      timestamptz not null default now(),
  deleted_at      timestamptz,
  unique (tenant_id, id)
);
create index on alert_channel (tenant_id, name, id) where deleted_at is null;

-- One row for each thing that a rule ever told, so that the same thing is the same alert. Those of a channel tell that it is broken.
create table alert (
  id         uuid not null default gen_random_uuid() primary key,
  tenant_id  uuid not null default current_tenant() references tenant on delete cascade,
  rule_id    uuid,
  channel_id uuid,
  subject    text not null,
  severity   text not null,
  title      text not null,
  message    text not null,
  -- The costs that it tells of: who sees all of them sees it.
  filters    jsonb not null default '[]',
  budget_id  text,
  cause      jsonb,
  life       jsonb not null,
  -- waiting | firing | acknowledged | snoozed | resolved
  state      text not null,
  fired_at   timestamptz,
  changed_at timestamptz not null,
  check (num_nonnulls(rule_id, channel_id) = 1),
  unique (tenant_id, id),
  unique (tenant_id, rule_id, subject),
  unique (tenant_id, channel_id, subject),
  foreign key (tenant_id, rule_id) references alert_rule (tenant_id, id) on delete cascade,
  foreign key (tenant_id, channel_id) references alert_channel (tenant_id, id) on delete cascade
);
create index on alert (tenant_id, fired_at desc, id desc) where state <> 'waiting';

-- What happened to an alert. Append-only.
create table alert_event (
  id         uuid not null default gen_random_uuid() primary key,
  tenant_id  uuid not null default current_tenant() references tenant on delete cascade,
  alert_id   uuid not null,
  what       text not null,
  message    text not null,
  actor_id   text,
  actor_name text,
  at         timestamptz not null,
  foreign key (tenant_id, alert_id) references alert (tenant_id, id) on delete cascade
);
create index on alert_event (tenant_id, alert_id, id);

-- The outbox: written with the event that it tells, sent later, by its id once or more than once.
create table alert_delivery (
  id         uuid not null default gen_random_uuid() primary key,
  tenant_id  uuid not null default current_tenant() references tenant on delete cascade,
  channel_id uuid not null,
  title      text not null,
  message    jsonb not null,
  -- queued | sent | dead
  state      text not null default 'queued',
  attempts   integer not null default 0,
  -- Not before then. Who takes it moves it on, so that it comes again should they die.
  next_at    timestamptz not null,
  problem    text,
  created_at timestamptz not null,
  sent_at    timestamptz,
  foreign key (tenant_id, channel_id) references alert_channel (tenant_id, id) on delete cascade
);
create index on alert_delivery (tenant_id, id);
create index on alert_delivery (next_at) where state = 'queued';
create index on alert_delivery (tenant_id, channel_id, sent_at) where state = 'sent';

do $$
declare
  name text;
begin
  foreach name in array array['alert_rule', 'alert_channel', 'alert', 'alert_event', 'alert_delivery'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy company on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))',
      name);
  end loop;
end $$;
grant select, insert, update on alert_rule, alert_channel, alert, alert_delivery to finops_app;
grant select, insert on alert_event to finops_app;

create policy directory on alert_rule to finops_directory using (true);
create policy directory on alert_delivery to finops_directory using (true);
grant select on alert_rule, alert_delivery to finops_directory;
grant insert on work_item to finops_directory;

-- Has a company's rules looked at again, once however often it is asked for before that is begun, as budgets are.
create function ask_for_alerts(p_tenant_id uuid) returns void
  language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('alerts ' || p_tenant_id, 0));
  if exists (select from alert_rule where tenant_id = p_tenant_id and deleted_at is null and is_on)
      and not exists (select from work_item
                      where tenant_id = p_tenant_id and kind = 'evaluate-alerts' and state = 'queued') then
    insert into work_item (tenant_id, kind, payload, pool) values (p_tenant_id, 'evaluate-alerts', '{}', 'alerts');
  end if;
end $$;

create function ask_for_alerts_of_row() returns trigger
  language plpgsql as $$
begin
  perform ask_for_alerts(new.tenant_id);
  return null;
end $$;

create function ask_for_alerts_of_budgets() returns trigger
  language plpgsql as $$
begin
  perform ask_for_alerts(tenant_id) from (select distinct tenant_id from changed) as companies;
  return null;
end $$;

-- In the transaction of what they tell of: a publication, budgets that were worked out, an import that failed.
create trigger publication_alerts after insert on publication
  for each row execute function ask_for_alerts_of_row();
create trigger budget_standing_made_alerts after insert on budget_standing
  referencing new table as changed for each statement execute function ask_for_alerts_of_budgets();
create trigger budget_standing_changed_alerts after update on budget_standing
  referencing new table as changed for each statement execute function ask_for_alerts_of_budgets();
create trigger import_failed_alerts after update of state on work_item
  for each row when (new.kind in ('import', 'reprocess') and new.state = 'failed' and old.state <> 'failed')
  execute function ask_for_alerts_of_row();

-- Wakes those who deliver, in every company that something waits in whose time has come.
create function ask_for_due_deliveries(p_now timestamptz) returns void
  language sql security definer set search_path = public, pg_temp as $$
  insert into work_item (tenant_id, kind, payload, pool)
  select distinct d.tenant_id, 'deliver-alerts', '{}'::jsonb, 'deliveries'
  from alert_delivery d
  where d.state = 'queued' and d.next_at <= p_now
    and not exists (select from work_item w
                    where w.tenant_id = d.tenant_id and w.kind = 'deliver-alerts' and w.state = 'queued')
$$;

do $$
begin
  grant create on schema public to finops_directory;
  revoke all on function ask_for_due_deliveries(timestamptz) from public;
  grant execute on function ask_for_due_deliveries(timestamptz) to finops_app;
  alter function ask_for_due_deliveries(timestamptz) owner to finops_directory;
  revoke create on schema public from finops_directory;
end $$;
