-- Who is called when nobody looks after an alert: rotations of people on call, chains of steps, and how far an alert came on its own.

create table on_call_schedule (
  id              uuid not null default gen_random_uuid() primary key,
  tenant_id       uuid not null default current_tenant() references tenant on delete cascade,
  name            text not null check (name <> ''),
  -- People in order, hand-over, time zone, start and overrides: the capability's own.
  definition      jsonb not null,
  version         integer not null default 1 check (version > 0),
  changed_by_id   text not null,
  changed_by_name text not null,
  created_at      timestamptz not null default now(),
  changed_at      timestamptz not null default now(),
  deleted_at      timestamptz,
  unique (tenant_id, id)
);
create index on on_call_schedule (tenant_id, name, id) where deleted_at is null;

create table escalation_chain (
  id              uuid not null default gen_random_uuid() primary key,
  tenant_id       uuid not null default current_tenant() references tenant on delete cascade,
  name            text not null check (name <> ''),
  -- Steps and how often they are repeated: the capability's own.
  definition      jsonb not null,
  version         integer not null default 1 check (version > 0),
  changed_by_id   text not null,
  changed_by_name text not null,
  created_at      timestamptz not null default now(),
  changed_at      timestamptz not null default now(),
  deleted_at      timestamptz,
  unique (tenant_id, id)
);
create index on escalation_chain (tenant_id, name, id) where deleted_at is null;

do $$
declare
  name text;
begin
  foreach name in array array['on_call_schedule', 'escalation_chain'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy company on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))',
      name);
  end loop;
end $$;
grant select, insert, update on on_call_schedule, escalation_chain to finops_app;

-- Since when an alert climbs its rule's chain, how many steps it told, and whom.
alter table alert add column climb jsonb, add column next_step_at timestamptz;
create index on alert (next_step_at) where next_step_at is not null;

-- A step may call a person, who is written to. A key is told once, however often it is asked for.
alter table alert_delivery
  alter column channel_id drop not null,
  add column person_id uuid,
  add column key text,
  add check (num_nonnulls(channel_id, person_id) = 1),
  add unique (tenant_id, key);

-- Deliveries of long ago are swept.
grant delete on alert_delivery to finops_app;

create policy directory on alert to finops_directory using (true);
grant select on alert to finops_directory;

-- The report of what rings for nothing goes through what happened since a day.
create index on alert_event (tenant_id, at);

-- A channel that tells once a day or a week: when, and when next. What it is to tell until then waits in the outbox (held).
alter table alert_channel add column digest jsonb, add column digest_at timestamptz;
create index on alert_channel (digest_at) where digest_at is not null;
create policy directory on alert_channel to finops_directory using (true);
grant select on alert_channel to finops_directory;

-- Wakes those who tell what time alone brings, in every company where it has come: a step of a chain, a digest.
create function ask_for_due_telling(p_now timestamptz) returns void
  language sql security definer set search_path = public, pg_temp as $$
  insert into work_item (tenant_id, kind, payload, pool)
  select due.tenant_id, 'tell-alerts', '{}'::jsonb, 'alerts'
  from (select tenant_id from alert where next_step_at <= p_now
        union
        select tenant_id from alert_channel where digest_at <= p_now and is_on and deleted_at is null) due
  where not exists (select from work_item w
                    where w.tenant_id = due.tenant_id and w.kind = 'tell-alerts' and w.state = 'queued')
$$;

do $$
begin
  grant create on schema public to finops_directory;
  revoke all on function ask_for_due_telling(timestamptz) from public;
  grant execute on function ask_for_due_telling(timestamptz) to finops_app;
  alter function ask_for_due_telling(timestamptz) owner to finops_directory;
  revoke create on schema public from finops_directory;
end $$;

-- Slack's app: the workspace of a channel, what a message is known by in Slack, and installations that somebody set out for.
alter table alert_channel add column team_id text;
create index on alert_channel (team_id) where team_id is not null and deleted_at is null;
alter table alert_delivery add column receipt jsonb;
create index on alert_delivery (tenant_id, created_at) where receipt is not null;

create table slack_install (
  id         uuid not null default gen_random_uuid() primary key,
  tenant_id  uuid not null default current_tenant() references tenant on delete cascade,
  state_hash text not null unique,
  -- Who set out, in which session and on which host: nobody else comes back.
  user_id    uuid not null,
  session_id uuid not null,
  origin     text not null,
  name       text not null,
  place      text not null,
  expires_at timestamptz not null
);
create index on slack_install (tenant_id, expires_at);
alter table slack_install enable row level security;
alter table slack_install force row level security;
create policy company on slack_install
  using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
grant select, insert, update, delete on slack_install to finops_app;
create policy directory on slack_install to finops_directory using (true);
grant select on slack_install to finops_directory;

-- Which company somebody set out for: Slack comes back to one address for all.
create function find_slack_install(p_state_hash text, p_now timestamptz)
  returns table (id uuid, tenant_id uuid, session_id uuid, origin text)
  language sql stable security definer set search_path = public, pg_temp as $$
  select i.id, i.tenant_id, i.session_id, i.origin from slack_install i
  where i.state_hash = p_state_hash and i.expires_at > p_now
$$;

-- The companies that have a workspace among their channels.
create function find_slack_channels(p_team_id text) returns table (tenant_id uuid, channel_id uuid)
  language sql stable security definer set search_path = public, pg_temp as $$
  select c.tenant_id, c.id from alert_channel c join tenant t on t.id = c.tenant_id and t.state = 'active'
  where c.team_id = p_team_id and c.deleted_at is null
  order by c.created_at, c.id
$$;

do $$
begin
  grant create on schema public to finops_directory;
  revoke all on function find_slack_install(text, timestamptz), find_slack_channels(text) from public;
  grant execute on function find_slack_install(text, timestamptz), find_slack_channels(text) to finops_app;
  alter function find_slack_install(text, timestamptz) owner to finops_directory;
  alter function find_slack_channels(text) owner to finops_directory;
  revoke create on schema public from finops_directory;
end $$;
