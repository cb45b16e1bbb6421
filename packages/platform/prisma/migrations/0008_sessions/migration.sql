-- What a session knows: where it came from, how long it lasts without use, whether a second factor was shown, and when all of
-- a person's or a company's sessions were ended at once. Service accounts, and tokens of clients that sign in with a key.

-- The owner of the tables sees no rows as long as row security is forced, so it is not while those of all companies change.
alter table tenant drop constraint tenant_state_check;
alter table tenant no force row level security;
update tenant set state = 'locked' where state = 'suspended';
alter table tenant force row level security;
alter table tenant
  add constraint tenant_state_check check (state in ('active', 'read-only', 'locked', 'leaving')),
  -- When a company that leaves is deleted.
  add column leaves_at timestamptz,
  add column session_epoch integer not null default 0;

alter table app_user add column session_epoch integer not null default 0;

alter table session
  add column address text,
  add column is_remembered boolean not null default false,
  add column second_factor_at timestamptz,
  -- Over without use by then; null where only `expires_at` counts.
  add column idle_until timestamptz,
  -- The sum of the person's and the company's at the start. Either only grows, so a session is over as soon as it differs.
  add column epoch integer not null default 0;

drop trigger session_ended on session;
create trigger session_ended after update of ended_at, expires_at, epoch or delete on session
  for each row execute function announce_access_change();

-- Says whose a session is and what they may do, whatever the state of the company, and notes every five minutes that it is in use.
drop function find_session(text, timestamptz);
create function find_session(p_token_hash text, p_now timestamptz)
  returns table (session_id uuid, tenant_id uuid, tenant_slug text, tenant_state text, tenant_settings jsonb,
                 user_id uuid, email text, name text, role_key text, permissions text[], scope jsonb, given jsonb,
                 created_at timestamptz, expires_at timestamptz, idle_until timestamptz, is_remembered boolean,
                 second_factor_at timestamptz, method text)
  language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  update session s set last_seen_at = p_now
  where s.token_hash = p_token_hash and s.ended_at is null and s.expires_at > p_now
    and (s.idle_until is null or s.idle_until > p_now) and s.last_seen_at < p_now - interval '5 minutes';
  return query
    select s.id, t.id, t.slug, t.state, t.settings, u.id, u.email, coalesce(nullif(u.name, ''), m.name), r.key,
           array(select p.key from permission p where p.tenant_id = r.tenant_id and p.role_id = r.id order by p.key),
           m.scope, find_grants(m.tenant_id, m.user_id, null, p_now),
           s.created_at, s.expires_at, s.idle_until, s.is_remembered, s.second_factor_at, s.method
    from session s
    join tenant t on t.id = s.tenant_id
    join app_user u on u.id = s.user_id and u.disabled_at is null
    join membership m on m.tenant_id = s.tenant_id and m.user_id = s.user_id
    join role r on r.tenant_id = m.tenant_id and r.id = m.role_id
    where s.token_hash = p_token_hash and s.ended_at is null and s.expires_at > p_now
      and (s.idle_until is null or s.idle_until > p_now) and s.epoch = u.session_epoch + t.session_epoch;
end $$;

-- Something that is no person and has keys, such as a pipeline. Each of its keys can do what its role allows, beside what the key
-- says itself.
create table service_account (
  id          uuid primary key default gen_random_uuid(),
  tenant_id   uuid not null default current_tenant() references tenant on delete cascade,
  name        text not null check (name <> ''),
  description text not null default '',
  role_id     uuid not null,
  scope       jsonb check (jsonb_typeof(scope) = 'object'),
  created_by  text not null,
  created_at  timestamptz not null default now(),
  -- Its keys do not work from then on.
  disabled_at timestamptz,
  unique (tenant_id, id),
  unique (tenant_id, name),
  foreign key (tenant_id, role_id) references role (tenant_id, id)
);
create index on service_account (tenant_id, role_id);

alter table api_key
  add column service_account_id uuid,
  -- Requests in a minute; null is what every key may.
  add column rate_per_minute integer check (rate_per_minute > 0),
  add foreign key (tenant_id, service_account_id) references service_account (tenant_id, id);
create index on api_key (tenant_id, service_account_id);

-- A client that got a token with a key, and all the refresh tokens that followed from the first.
create table token_family (
  id            uuid primary key default gen_random_uuid(),
  tenant_id     uuid not null default current_tenant() references tenant on delete cascade,
  api_key_id    uuid not null,
  client        text not null default '',
  address       text,
  created_at    timestamptz not null default now(),
  expires_at    timestamptz not null,
  ended_at      timestamptz,
  ended_because text,
  unique (tenant_id, id),
  foreign key (tenant_id, api_key_id) references api_key (tenant_id, id) on delete cascade
);
create index on token_family (tenant_id, api_key_id);

create table refresh_token (
  id         uuid primary key default gen_random_uuid(),
  tenant_id  uuid not null default current_tenant() references tenant on delete cascade,
  family_id  uuid not null,
  token_hash text not null unique,
  created_at timestamptz not null default now(),
  -- When a successor was given for it first.
  used_at    timestamptz,
  foreign key (tenant_id, family_id) references token_family (tenant_id, id) on delete cascade
);
create index on refresh_token (tenant_id, family_id);

-- Keys that sign access tokens of all companies. The private part is sealed by the vault.
create table signing_key (
  id             uuid primary key,
  public_jwk     jsonb not null,
  private_sealed text not null,
  created_at     timestamptz not null,
  -- Signs until then, and is published until the last token that it signed has run out.
  signs_until    timestamptz not null,
  valid_until    timestamptz not null
);
alter table signing_key enable row level security;
alter table signing_key force row level security;

do $$
declare
  name text;
begin
  foreach name in array array['service_account', 'token_family', 'refresh_token'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy company on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))',
      name);
    execute format('grant select, insert, update on %I to finops_app', name);
  end loop;
  foreach name in array array['service_account', 'token_family', 'refresh_token', 'signing_key'] loop
    execute format('create policy directory on %I to finops_directory using (true) with check (true)', name);
  end loop;
end $$;
grant select on service_account to finops_directory;
grant select, update on token_family, refresh_token to finops_directory;
grant select, insert, delete on signing_key to finops_directory;

create trigger service_account_changed after update of disabled_at, role_id, scope on service_account
  for each row execute function announce_access_change();
create trigger token_family_ended after update of ended_at on token_family
  for each row execute function announce_access_change();

-- Whose a key is that works, whatever the state of the company. The directory's own: it takes any key's id.
create function find_key_holder(p_key_id uuid, p_now timestamptz)
  returns table (key_id uuid, tenant_id uuid, tenant_slug text, tenant_state text, tenant_settings jsonb,
                 name text, permissions text[], scope jsonb, given jsonb, account jsonb, rate_per_minute integer)
  language sql stable security definer set search_path = public, pg_temp as $$
  select k.id, t.id, t.slug, t.state, t.settings, coalesce(a.name || ': ', '') || k.name, k.permissions, k.scope,
         find_grants(k.tenant_id, null, k.id, p_now),
         case when a.id is not null then jsonb_build_object('roleKey', r.key, 'scope', a.scope, 'permissions',
           (select coalesce(jsonb_agg(p.key), '[]') from permission p where p.tenant_id = r.tenant_id and p.role_id = r.id)) end,
         k.rate_per_minute
  from api_key k
  join tenant t on t.id = k.tenant_id
  left join service_account a on a.tenant_id = k.tenant_id and a.id = k.service_account_id
  left join role r on r.tenant_id = a.tenant_id and r.id = a.role_id
  where k.id = p_key_id and k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now) and a.disabled_at is null;
$$;

drop function find_api_key(text, timestamptz);
create function find_api_key(p_token_hash text, p_now timestamptz)
  returns table (key_id uuid, tenant_id uuid, tenant_slug text, tenant_state text, tenant_settings jsonb,
                 name text, permissions text[], scope jsonb, given jsonb, account jsonb, rate_per_minute integer)
  language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  update api_key k set last_used_at = p_now
  where k.token_hash = p_token_hash and (k.last_used_at is null or k.last_used_at < p_now - interval '5 minutes');
  return query
    select h.* from api_key k, find_key_holder(k.id, p_now) h where k.token_hash = p_token_hash;
end $$;

-- The same by an access token: as long as the client's family goes on.
create function find_token_holder(p_key_id uuid, p_family_id uuid, p_now timestamptz)
  returns table (key_id uuid, tenant_id uuid, tenant_slug text, tenant_state text, tenant_settings jsonb,
                 name text, permissions text[], scope jsonb, given jsonb, account jsonb, rate_per_minute integer)
  language sql stable security definer set search_path = public, pg_temp as $$
  select h.* from token_family f, find_key_holder(f.api_key_id, p_now) h
  where f.id = p_family_id and f.api_key_id = p_key_id and f.ended_at is null and f.expires_at > p_now;
$$;

drop function find_refused_key(text, timestamptz);
create function find_refused_key(p_token_hash text, p_now timestamptz)
  returns table (tenant_id uuid, key_id uuid, key_name text, reason text)
  language sql stable security definer set search_path = public, pg_temp as $$
  select k.tenant_id, k.id, k.name, case
    when k.revoked_at is not null then 'the key is revoked'
    when k.expires_at <= p_now then 'the key has expired'
    when a.disabled_at is not null then 'the service account is disabled'
    else 'the company is locked' end
  from api_key k left join service_account a on a.tenant_id = k.tenant_id and a.id = k.service_account_id
  where k.token_hash = p_token_hash;
$$;

-- Says what a refresh token is good for, and takes it: `rotated` the first time; `grace` within a short time after it, for
-- two processes that refresh at once; `reused` later, which ends the family; `ended` for one of a family that is over.
create function use_refresh_token(p_token_hash text, p_now timestamptz, p_grace_seconds integer)
  returns table (outcome text, tenant_id uuid, family_id uuid, key_id uuid, key_name text)
  language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
  token refresh_token;
  family token_family;
  what text;
begin
  select * into token from refresh_token r where r.token_hash = p_token_hash;
  if not found then return; end if;
  select * into strict family from token_family f where f.id = token.family_id for update;
  -- Read again: while this one waited, another may have taken it.
  select * into strict token from refresh_token r where r.id = token.id;
  if family.ended_at is not null or family.expires_at <= p_now then
    what := 'ended';
  elsif token.used_at is null then
    what := 'rotated';
    update refresh_token r set used_at = p_now where r.id = token.id;
  elsif token.used_at > p_now - p_grace_seconds * interval '1 second' then
    what := 'grace';
  else
    what := 'reused';
    update token_family f set ended_at = p_now, ended_because = 'reuse' where f.id = family.id;
  end if;
  return query
    select what, k.tenant_id, family.id, k.id, k.name from api_key k
    where k.tenant_id = family.tenant_id and k.id = family.api_key_id;
end $$;

-- Ends the family of a refresh token, whichever of its tokens it is.
create function end_token_family(p_token_hash text, p_now timestamptz)
  returns table (tenant_id uuid, family_id uuid, key_id uuid, key_name text)
  language sql security definer set search_path = public, pg_temp as $$
  update token_family f set ended_at = p_now, ended_because = 'client'
  from refresh_token r, api_key k
  where r.token_hash = p_token_hash and f.id = r.family_id and f.ended_at is null
    and k.tenant_id = f.tenant_id and k.id = f.api_key_id
  returning f.tenant_id, f.id, k.id, k.name;
$$;

create function list_signing_keys(p_now timestamptz) returns setof signing_key
  language sql stable security definer set search_path = public, pg_temp as $$
  select * from signing_key where valid_until > p_now order by created_at desc, id desc;
$$;

-- Keeps a key unless another process was first, and drops those that nothing was signed with any more.
create function keep_signing_key(
  p_id uuid, p_public_jwk jsonb, p_private_sealed text, p_now timestamptz, p_signs_until timestamptz, p_valid_until timestamptz
) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('signing_key', 0));
  delete from signing_key where valid_until <= p_now;
  if exists (select from signing_key where signs_until > p_now) then return; end if;
  insert into signing_key values (p_id, p_public_jwk, p_private_sealed, p_now, p_signs_until, p_valid_until);
end $$;

drop function list_companies_of_user(uuid);
create function list_companies_of_user(p_user_id uuid)
  returns table (tenant_id uuid, slug text, name text, role_key text)
  language sql stable security definer set search_path = public, pg_temp as $$
  select t.id, t.slug, t.name, r.key
  from membership m join tenant t on t.id = m.tenant_id join role r on r.id = m.role_id
  where m.user_id = p_user_id and t.state in ('active', 'read-only')
  order by t.slug;
$$;

drop function use_sign_in_link(text, timestamptz);
create function use_sign_in_link(p_token_hash text, p_now timestamptz) returns table (tenant_id uuid, user_id uuid)
  language sql security definer set search_path = public, pg_temp as $$
  update sign_in_link l set used_at = p_now
  from app_user u, tenant t
  where l.token_hash = p_token_hash and l.used_at is null and l.expires_at > p_now
    and u.id = l.user_id and u.disabled_at is null and t.id = l.tenant_id and t.state in ('active', 'read-only')
  returning l.tenant_id, l.user_id;
$$;

-- Moves the end that a session has without use. One that is over stays over.
create function touch_session(p_token_hash text, p_idle_until timestamptz, p_now timestamptz) returns void
  language sql security definer set search_path = public, pg_temp as $$
  update session set idle_until = least(p_idle_until, expires_at)
  where token_hash = p_token_hash and ended_at is null and expires_at > p_now and idle_until > p_now;
$$;

-- Ends a person's sessions in every company.
create function end_sessions_of_user(p_user_id uuid, p_now timestamptz) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  ended integer;
begin
  update app_user set session_epoch = session_epoch + 1 where id = p_user_id;
  update session set ended_at = p_now where user_id = p_user_id and ended_at is null;
  get diagnostics ended = row_count;
  return ended;
end $$;

grant update (session_epoch) on app_user to finops_directory;
create index on session (user_id) where ended_at is null;

do $$
declare
  routine regprocedure;
begin
  grant create on schema public to finops_directory;
  foreach routine in array array[
    'find_session(text, timestamptz)'::regprocedure, 'find_api_key(text, timestamptz)'::regprocedure,
    'list_companies_of_user(uuid)'::regprocedure, 'use_sign_in_link(text, timestamptz)'::regprocedure,
    'touch_session(text, timestamptz, timestamptz)'::regprocedure, 'end_sessions_of_user(uuid, timestamptz)'::regprocedure,
    'find_key_holder(uuid, timestamptz)'::regprocedure, 'find_token_holder(uuid, uuid, timestamptz)'::regprocedure,
    'find_refused_key(text, timestamptz)'::regprocedure, 'use_refresh_token(text, timestamptz, integer)'::regprocedure,
    'end_token_family(text, timestamptz)'::regprocedure, 'list_signing_keys(timestamptz)'::regprocedure,
    'keep_signing_key(uuid, jsonb, text, timestamptz, timestamptz, timestamptz)'::regprocedure
  ] loop
    execute format('revoke all on function %s from public', routine);
    if routine <> 'find_key_holder(uuid, timestamptz)'::regprocedure then
      execute format('grant execute on function %s to finops_app', routine);
    end if;
    execute format('alter function %s owner to finops_directory', routine);
  end loop;
  revoke create on schema public from finops_directory;
end $$;
