-- Companies, people, access, work items and the publication log.
--
-- Three roles exist before the first migration runs (src/db/roles.ts makes them):
--   finops_owner      owns every table and runs migrations; row security is FORCEd, so it reads no company's rows either
--   finops_app        what the application logs in as; reads and writes one company at a time
--   finops_directory  cannot log in; owns the few functions that work before a company is known

create function current_tenant() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('app.tenant_id', true), '')::uuid;

grant usage on schema public to finops_app, finops_directory;

-- Companies and people ------------------------------------------------------------------------------------------------

create table tenant (
  id                uuid primary key default gen_random_uuid(),
  slug              text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  name              text not null,
  currency          text not null,
  fiscal_year_start smallint not null default 1 check (fiscal_year_start between 1 and 12),
  time_zone         text not null default 'UTC',
  state             text not null default 'active' check (state in ('active', 'suspended')),
  settings          jsonb not null default '{}',
  created_at        timestamptz not null default now()
);

create table app_user (
  id          uuid primary key default gen_random_uuid(),
  email       text not null unique check (email = lower(email)),
  name        text not null,
  created_at  timestamptz not null default now(),
  disabled_at timestamptz
);

create table identity (
  id         uuid primary key default gen_random_uuid(),
  user_id    uuid not null references app_user on delete cascade,
  provider   text not null,
  subject    text not null,
  created_at timestamptz not null default now(),
  unique (provider, subject)
);
create index on identity (user_id);

create table unit (
  id         uuid primary key default gen_random_uuid(),
  tenant_id  uuid not null default current_tenant() references tenant on delete cascade,
  parent_id  uuid,
  kind       text not null check (kind in ('department', 'team')),
  name       text not null,
  created_at timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, parent_id) references unit (tenant_id, id)
);
create index on unit (tenant_id, parent_id);

create table role (
  id         uuid primary key default gen_random_uuid(),
  tenant_id  uuid not null default current_tenant() references tenant on delete cascade,
  key        text not null,
  name       text not null,
  built_in   boolean not null default false,
  created_at timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, key)
);

create table permission (
  tenant_id uuid not null default current_tenant() references tenant on delete cascade,
  role_id   uuid not null,
  key       text not null,
  primary key (tenant_id, role_id, key),
  foreign key (tenant_id, role_id) references role (tenant_id, id) on delete cascade
);

create table membership (
  tenant_id  uuid not null default current_tenant() references tenant on delete cascade,
  user_id    uuid not null references app_user on delete cascade,
  role_id    uuid not null,
  unit_id    uuid,
  created_at timestamptz not null default now(),
  primary key (tenant_id, user_id),
  foreign key (tenant_id, role_id) references role (tenant_id, id),
  foreign key (tenant_id, unit_id) references unit (tenant_id, id)
);
create index on membership (user_id);

-- Signing in ----------------------------------------------------------------------------------------------------------

create table session (
  id           uuid primary key default gen_random_uuid(),
  tenant_id    uuid not null default current_tenant() references tenant on delete cascade,
  user_id      uuid not null references app_user on delete cascade,
  token_hash   text not null unique,
  method       text not null,
  user_agent   text not null default '',
  created_at   timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at   timestamptz not null,
  ended_at     timestamptz
);
create index on session (tenant_id, user_id);

create table sign_in_link (
  id         uuid primary key default gen_random_uuid(),
  tenant_id  uuid not null default current_tenant() references tenant on delete cascade,
  user_id    uuid not null references app_user on delete cascade,
  token_hash text not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at    timestamptz
);
create index on sign_in_link (tenant_id, user_id);

create table api_key (
  id           uuid primary key default gen_random_uuid(),
  tenant_id    uuid not null default current_tenant() references tenant on delete cascade,
  name         text not null,
  prefix       text not null,
  token_hash   text not null unique,
  permissions  text[] not null default '{}',
  created_by   text not null,
  created_at   timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at   timestamptz,
  revoked_at   timestamptz
);
create index on api_key (tenant_id, created_at);

create table audit_entry (
  id         uuid primary key default gen_random_uuid(),
  tenant_id  uuid not null default current_tenant() references tenant on delete cascade,
  at         timestamptz not null default now(),
  actor_kind text not null check (actor_kind in ('person', 'key', 'system')),
  actor_id   text not null,
  actor_name text not null,
  action     text not null,
  before     jsonb,
  after      jsonb,
  request_id text not null
);
create index on audit_entry (tenant_id, at);

-- Work items ----------------------------------------------------------------------------------------------------------

-- Every lease on anything takes its token here, so a later holder always has the greater one.
create sequence fencing_token_seq as bigint;

create table work_item (
  id               uuid primary key default gen_random_uuid(),
  tenant_id        uuid not null default current_tenant() references tenant on delete cascade,
  kind             text not null,
  payload          jsonb not null,
  state            text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  priority         integer not null default 0,
  pool             text not null,
  attempts         integer not null default 0,
  attempts_max     integer not null default 3 check (attempts_max > 0),
  worker           text,
  lease_until      timestamptz,
  heartbeat_at     timestamptz,
  fencing_token    bigint not null default 0,
  progress         jsonb not null default '{}',
  result           jsonb,
  error            jsonb,
  cancel_requested boolean not null default false,
  created_at       timestamptz not null default now(),
  finished_at      timestamptz
);
create index on work_item (tenant_id, created_at);
-- Workers look across companies, so these two do not lead with the company.
create index work_item_queue on work_item (pool, tenant_id, priority desc, created_at) where state = 'queued';
create index work_item_leases on work_item (lease_until) where state = 'running';

-- Whose turn it was last, per pool: the company that waited longest is served next.
create table work_turn (
  pool      text not null,
  tenant_id uuid not null references tenant on delete cascade,
  turn      bigint not null,
  primary key (tenant_id, pool)
);

create function announce_work_item() returns trigger
  language plpgsql as $$
begin
  perform pg_notify('work_item', new.pool);
  return null;
end $$;

create trigger work_item_queued after insert or update of state on work_item
  for each row when (new.state = 'queued') execute function announce_work_item();

-- Bills and what was published of them --------------------------------------------------------------------------------

create table source (
  id              uuid primary key default gen_random_uuid(),
  tenant_id       uuid not null default current_tenant() references tenant on delete cascade,
  key             text not null,
  name            text not null,
  connector       text not null,
  format          text not null,
  takes_over_from uuid,
  takes_over_on   date,
  created_at      timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, key),
  foreign key (tenant_id, takes_over_from) references source (tenant_id, id)
);

create table landing (
  id             uuid primary key default gen_random_uuid(),
  tenant_id      uuid not null default current_tenant() references tenant on delete cascade,
  source_id      uuid not null,
  content_sha256 text not null,
  format         text not null,
  options        jsonb not null default '{}',
  files          jsonb not null,
  bytes          bigint not null,
  landed_at      timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, source_id, content_sha256),
  foreign key (tenant_id, source_id) references source (tenant_id, id) on delete cascade
);

create table dataset_version (
  id              uuid primary key default gen_random_uuid(),
  tenant_id       uuid not null default current_tenant() references tenant on delete cascade,
  source_id       uuid not null,
  billing_period  date not null,
  number          integer not null,
  landing_id      uuid not null,
  dataset         text not null default 'costs' check (dataset in ('costs', 'contract-commitments')),
  state           text not null default 'building'
                  check (state in ('building', 'ready', 'published', 'superseded', 'rolled_back', 'removed')),
  lake_prefix     text not null,
  rows            bigint not null default 0,
  totals          jsonb not null default '{}',
  report          jsonb not null default '{}',
  conformance     jsonb,
  difference      jsonb,
  mapping_version text not null,
  work_item_id    uuid,
  created_at      timestamptz not null default now(),
  published_at    timestamptz,
  unique (tenant_id, id),
  unique (tenant_id, source_id, dataset, billing_period, number),
  foreign key (tenant_id, source_id) references source (tenant_id, id) on delete cascade,
  foreign key (tenant_id, landing_id) references landing (tenant_id, id) on delete cascade
);
create index on dataset_version (tenant_id, billing_period, state);
create index on dataset_version (tenant_id, landing_id);

create table version_account (
  tenant_id  uuid not null default current_tenant() references tenant on delete cascade,
  version_id uuid not null,
  account    text not null,
  primary key (tenant_id, version_id, account),
  foreign key (tenant_id, version_id) references dataset_version (tenant_id, id) on delete cascade
);
create index on version_account (tenant_id, account);

create table generation (
  id             uuid primary key default gen_random_uuid(),
  tenant_id      uuid not null default current_tenant() references tenant on delete cascade,
  billing_period date not null,
  number         integer not null,
  store_path     text not null,
  rows           bigint not null,
  bytes          bigint not null,
  charge_start   date not null,
  charge_end     date not null,
  manifest       jsonb not null,
  created_at     timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, billing_period, number)
);

create table generation_version (
  tenant_id     uuid not null default current_tenant() references tenant on delete cascade,
  generation_id uuid not null,
  version_id    uuid not null,
  primary key (tenant_id, generation_id, version_id),
  foreign key (tenant_id, generation_id) references generation (tenant_id, id) on delete cascade,
  foreign key (tenant_id, version_id) references dataset_version (tenant_id, id) on delete cascade
);
create index on generation_version (tenant_id, version_id);

create table build_lease (
  tenant_id      uuid not null default current_tenant() references tenant on delete cascade,
  billing_period date not null,
  holder         text not null,
  token          bigint not null,
  version_ids    uuid[] not null,
  expires_at     timestamptz not null,
  primary key (tenant_id, billing_period)
);

create table publication (
  position       bigint generated always as identity primary key,
  tenant_id      uuid not null default current_tenant() references tenant on delete cascade,
  billing_period date not null,
  generation_id  uuid,
  kind           text not null check (kind in ('publish', 'rollback', 'remove')),
  version_ids    uuid[] not null,
  actor          text not null,
  note           text not null default '',
  at             timestamptz not null default now(),
  foreign key (tenant_id, generation_id) references generation (tenant_id, id)
);
create index on publication (tenant_id, billing_period, position);
create index on publication (tenant_id, position);

-- A reader pins a position, so within a company no smaller position may appear later. An identity number is taken before
-- the commit; taking it under a lock that is held to the commit makes the two orders the same.
create function order_publication() returns trigger
  language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('publication:' || new.tenant_id, 0));
  new.position := nextval('publication_position_seq');
  return new;
end $$;

create trigger publication_order before insert on publication
  for each row execute function order_publication();

-- Row security --------------------------------------------------------------------------------------------------------

do $$
declare
  name text;
begin
  foreach name in array array[
    'unit', 'role', 'permission', 'membership', 'session', 'sign_in_link', 'api_key', 'audit_entry', 'work_item', 'work_turn',
    'source', 'landing', 'dataset_version', 'version_account', 'generation', 'generation_version', 'build_lease', 'publication'
  ] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy company on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))',
      name);
  end loop;
end $$;

alter table tenant enable row level security;
alter table tenant force row level security;
create policy company on tenant using (id = (select current_tenant())) with check (id = (select current_tenant()));

-- People are shared by companies; a company sees its members.
alter table app_user enable row level security;
alter table app_user force row level security;
create policy members on app_user for select to finops_app
  using (exists (select from membership where membership.user_id = app_user.id and membership.tenant_id = current_tenant()));

-- Identities are read by directory functions only.
alter table identity enable row level security;
alter table identity force row level security;

grant select, update on tenant to finops_app;
grant select on app_user to finops_app;
grant select, insert, update, delete on
  unit, role, permission, membership, session, sign_in_link, api_key, work_item,
  source, landing, dataset_version, version_account, generation, generation_version, build_lease
  to finops_app;
-- Append-only.
grant select, insert on audit_entry, publication to finops_app;
grant usage on sequence fencing_token_seq, publication_position_seq to finops_app;

do $$
declare
  name text;
begin
  foreach name in array array[
    'tenant', 'app_user', 'identity', 'role', 'permission', 'membership', 'session', 'sign_in_link', 'api_key', 'work_item', 'work_turn'
  ] loop
    execute format('create policy directory on %I to finops_directory using (true) with check (true)', name);
  end loop;
end $$;

grant select, insert, delete on tenant to finops_directory;
grant select, insert on app_user, identity to finops_directory;
grant select on role, permission, membership to finops_directory;
grant select, update on session, sign_in_link, api_key, work_item to finops_directory;
grant select, insert, update on work_turn to finops_directory;
grant usage on sequence fencing_token_seq to finops_directory;

-- The directory: what must work before a company is known. Each function answers one narrow question ------------------

create function create_tenant(
  p_id uuid, p_slug text, p_name text, p_currency text, p_fiscal_year_start integer, p_time_zone text
) returns void
  language sql security definer set search_path = public, pg_temp as $$
  insert into tenant (id, slug, name, currency, fiscal_year_start, time_zone)
  values (p_id, p_slug, p_name, p_currency, p_fiscal_year_start, p_time_zone);
$$;

create function find_tenant(p_slug text) returns setof tenant
  language sql stable security definer set search_path = public, pg_temp as $$
  select * from tenant where slug = p_slug;
$$;

create function list_tenants() returns setof tenant
  language sql stable security definer set search_path = public, pg_temp as $$
  select * from tenant order by slug;
$$;

create function delete_tenant(p_id uuid) returns boolean
  language sql security definer set search_path = public, pg_temp as $$
  with gone as (delete from tenant where id = p_id returning id)
  select exists (select from gone);
$$;

create function ensure_user(p_id uuid, p_email text, p_name text) returns uuid
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into app_user (id, email, name) values (p_id, p_email, p_name) on conflict (email) do nothing;
  return (select id from app_user where email = p_email);
end $$;

create function find_identity(p_provider text, p_subject text) returns uuid
  language sql stable security definer set search_path = public, pg_temp as $$
  select i.user_id from identity i join app_user u on u.id = i.user_id
  where i.provider = p_provider and i.subject = p_subject and u.disabled_at is null;
$$;

create function link_identity(p_id uuid, p_user_id uuid, p_provider text, p_subject text) returns void
  language sql security definer set search_path = public, pg_temp as $$
  insert into identity (id, user_id, provider, subject) values (p_id, p_user_id, p_provider, p_subject);
$$;

create function list_companies_of_user(p_user_id uuid)
  returns table (tenant_id uuid, slug text, name text, role_key text)
  language sql stable security definer set search_path = public, pg_temp as $$
  select t.id, t.slug, t.name, r.key
  from membership m join tenant t on t.id = m.tenant_id join role r on r.id = m.role_id
  where m.user_id = p_user_id and t.state = 'active'
  order by t.slug;
$$;

create function use_sign_in_link(p_token_hash text, p_now timestamptz) returns table (tenant_id uuid, user_id uuid)
  language sql security definer set search_path = public, pg_temp as $$
  update sign_in_link l set used_at = p_now
  from app_user u, tenant t
  where l.token_hash = p_token_hash and l.used_at is null and l.expires_at > p_now
    and u.id = l.user_id and u.disabled_at is null and t.id = l.tenant_id and t.state = 'active'
  returning l.tenant_id, l.user_id;
$$;

-- Says who a session belongs to and what they may do, and notes every five minutes that it is in use.
create function find_session(p_token_hash text, p_now timestamptz)
  returns table (session_id uuid, tenant_id uuid, tenant_slug text, user_id uuid, email text, name text,
                 role_key text, permissions text[], expires_at timestamptz)
  language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  update session s set last_seen_at = p_now
  where s.token_hash = p_token_hash and s.ended_at is null and s.expires_at > p_now and s.last_seen_at < p_now - interval '5 minutes';
  return query
    select s.id, t.id, t.slug, u.id, u.email, u.name, r.key,
           array(select p.key from permission p where p.tenant_id = r.tenant_id and p.role_id = r.id order by p.key),
           s.expires_at
    from session s
    join tenant t on t.id = s.tenant_id and t.state = 'active'
    join app_user u on u.id = s.user_id and u.disabled_at is null
    join membership m on m.tenant_id = s.tenant_id and m.user_id = s.user_id
    join role r on r.tenant_id = m.tenant_id and r.id = m.role_id
    where s.token_hash = p_token_hash and s.ended_at is null and s.expires_at > p_now;
end $$;

create function end_session(p_token_hash text, p_now timestamptz) returns void
  language sql security definer set search_path = public, pg_temp as $$
  update session set ended_at = p_now where token_hash = p_token_hash and ended_at is null;
$$;

create function find_api_key(p_token_hash text, p_now timestamptz)
  returns table (key_id uuid, tenant_id uuid, tenant_slug text, name text, permissions text[])
  language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  update api_key k set last_used_at = p_now
  where k.token_hash = p_token_hash and (k.last_used_at is null or k.last_used_at < p_now - interval '5 minutes');
  return query
    select k.id, t.id, t.slug, k.name, k.permissions
    from api_key k join tenant t on t.id = k.tenant_id and t.state = 'active'
    where k.token_hash = p_token_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now);
end $$;

-- Gives the next work item of a pool to a worker: companies take turns, each with at most p_tenant_max items at a time.
-- Claims of one pool go one after the other, otherwise two of them could both see the last free place of a company.
create function claim_work_item(p_pool text, p_worker text, p_lease_ms integer, p_tenant_max integer) returns setof work_item
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  waiting record;
  item_id uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended('claim_work_item:' || p_pool, 0));
  for waiting in
    select q.tenant_id
    from (select distinct w.tenant_id from work_item w where w.pool = p_pool and w.state = 'queued') q
    left join work_turn t on t.tenant_id = q.tenant_id and t.pool = p_pool
    where (select count(*) from work_item r
           where r.tenant_id = q.tenant_id and r.pool = p_pool and r.state = 'running') < p_tenant_max
    order by t.turn nulls first, q.tenant_id
  loop
    select w.id into item_id from work_item w
    where w.tenant_id = waiting.tenant_id and w.pool = p_pool and w.state = 'queued'
    order by w.priority desc, w.created_at, w.id
    limit 1 for update skip locked;
    continue when item_id is null;

    insert into work_turn (pool, tenant_id, turn) values (p_pool, waiting.tenant_id, nextval('fencing_token_seq'))
    on conflict (tenant_id, pool) do update set turn = excluded.turn;
    return query
      update work_item w set
        state = 'running', worker = p_worker, attempts = w.attempts + 1, fencing_token = nextval('fencing_token_seq'),
        heartbeat_at = clock_timestamp(), lease_until = clock_timestamp() + p_lease_ms * interval '1 millisecond'
      where w.id = item_id
      returning w.*;
    return;
  end loop;
end $$;

-- Takes back items whose worker went silent. What was to be cancelled is cancelled; what failed too often has failed.
create function requeue_expired_work_items(p_even_if_leased boolean) returns integer
  language sql security definer set search_path = public, pg_temp as $$
  with expired as (
    select w.id, case
      when w.cancel_requested then 'cancelled'
      when w.attempts >= w.attempts_max then 'failed'
      else 'queued' end as next_state
    from work_item w
    where w.state = 'running' and (p_even_if_leased or w.lease_until < clock_timestamp())
    for update skip locked
  ), taken as (
    update work_item w set
      state = e.next_state, worker = null, lease_until = null,
      -- The token moves on, so that the silent worker can change nothing when it wakes up.
      fencing_token = nextval('fencing_token_seq'),
      finished_at = case when e.next_state = 'queued' then null else clock_timestamp() end,
      error = case when e.next_state = 'failed'
        then jsonb_build_object('code', 'internal', 'message',
          format('The work stopped %s times before it was done, and is not tried again. Start it anew.', w.attempts))
        else w.error end
    from expired e where w.id = e.id
    returning 1
  )
  select count(*)::integer from taken;
$$;

do $$
declare
  routine regprocedure;
begin
  grant create on schema public to finops_directory;
  for routine in select p.oid::regprocedure from pg_proc p where p.prosecdef and p.pronamespace = 'public'::regnamespace loop
    execute format('revoke all on function %s from public', routine);
    execute format('grant execute on function %s to finops_app', routine);
    execute format('alter function %s owner to finops_directory', routine);
  end loop;
  revoke create on schema public from finops_directory;
end $$;
