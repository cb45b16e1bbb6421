-- What a session knows: where it came from, how long it lasts without use, whether a second factor was shown, and when all of
-- a person's or a company's sessions were ended at once.

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
                 second_factor_at timestamptz)
  language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  update session s set last_seen_at = p_now
  where s.token_hash = p_token_hash and s.ended_at is null and s.expires_at > p_now
    and (s.idle_until is null or s.idle_until > p_now) and s.last_seen_at < p_now - interval '5 minutes';
  return query
    select s.id, t.id, t.slug, t.state, t.settings, u.id, u.email, u.name, r.key,
           array(select p.key from permission p where p.tenant_id = r.tenant_id and p.role_id = r.id order by p.key),
           m.scope, find_grants(m.tenant_id, m.user_id, null, p_now),
           s.created_at, s.expires_at, s.idle_until, s.is_remembered, s.second_factor_at
    from session s
    join tenant t on t.id = s.tenant_id
    join app_user u on u.id = s.user_id and u.disabled_at is null
    join membership m on m.tenant_id = s.tenant_id and m.user_id = s.user_id
    join role r on r.tenant_id = m.tenant_id and r.id = m.role_id
    where s.token_hash = p_token_hash and s.ended_at is null and s.expires_at > p_now
      and (s.idle_until is null or s.idle_until > p_now) and s.epoch = u.session_epoch + t.session_epoch;
end $$;

drop function find_api_key(text, timestamptz);
create function find_api_key(p_token_hash text, p_now timestamptz)
  returns table (key_id uuid, tenant_id uuid, tenant_slug text, tenant_state text, tenant_settings jsonb,
                 name text, permissions text[], scope jsonb, given jsonb)
  language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  update api_key k set last_used_at = p_now
  where k.token_hash = p_token_hash and (k.last_used_at is null or k.last_used_at < p_now - interval '5 minutes');
  return query
    select k.id, t.id, t.slug, t.state, t.settings, k.name, k.permissions, k.scope, find_grants(k.tenant_id, null, k.id, p_now)
    from api_key k join tenant t on t.id = k.tenant_id
    where k.token_hash = p_token_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now);
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
    'touch_session(text, timestamptz, timestamptz)'::regprocedure, 'end_sessions_of_user(uuid, timestamptz)'::regprocedure
  ] loop
    execute format('revoke all on function %s from public', routine);
    execute format('grant execute on function %s to finops_app', routine);
    execute format('alter function %s owner to finops_directory', routine);
  end loop;
  revoke create on schema public from finops_directory;
end $$;
