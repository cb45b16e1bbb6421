-- Ways to sign in, and the key under which a company's secrets are sealed: see src/secrets/envelope-vault.ts.

-- One key per company, itself sealed by a master key that is not in the database.
create table data_key (
  tenant_id     uuid primary key default current_tenant() references tenant on delete cascade,
  id            uuid not null,
  master_key_id text not null,
  wrapped       text not null,
  created_at    timestamptz not null default now()
);

-- The same for what belongs to no company, such as keys that sign tokens. One row.
create table installation_key (
  only_one      boolean primary key default true check (only_one),
  id            uuid not null,
  master_key_id text not null,
  wrapped       text not null
);
alter table installation_key enable row level security;
alter table installation_key force row level security;

-- OpenID providers that a company brings itself. Those of the whole installation are in its environment.
create table identity_provider (
  id                   uuid primary key default gen_random_uuid(),
  tenant_id            uuid not null default current_tenant() references tenant on delete cascade,
  name                 text not null check (name <> ''),
  kind                 text not null check (kind in ('oidc', 'google', 'microsoft')),
  issuer               text not null,
  client_id            text not null,
  client_secret_sealed text,
  scopes               text[] not null,
  is_on                boolean not null default true,
  created_at           timestamptz not null default now(),
  changed_at           timestamptz not null default now(),
  unique (tenant_id, id)
);
create index on identity_provider (tenant_id, name);

-- Somebody is on their way through a provider or a passkey. What comes back must fit to the row, and does so once.
create table sign_in_attempt (
  id                uuid primary key default gen_random_uuid(),
  tenant_id         uuid not null default current_tenant() references tenant on delete cascade,
  state_hash        text not null unique,
  -- SHA-256 of the cookie of the browser that started.
  browser_hash      text not null,
  -- google | microsoft | the id of an identity_provider | passkey
  provider          text not null,
  nonce             text not null,
  verifier          text not null,
  -- Where the company is reached, and the page there that was wanted.
  origin            text not null,
  return_path       text not null,
  is_remembered     boolean not null default false,
  -- Somebody who is signed in and adds a way to sign in.
  user_id           uuid,
  created_at        timestamptz not null,
  expires_at        timestamptz not null,
  used_at           timestamptz,
  -- What the provider says of who came back; handed over to the company's host by a ticket.
  found             jsonb,
  ticket_hash       text unique,
  ticket_expires_at timestamptz,
  ticket_used_at    timestamptz
);
create index on sign_in_attempt (tenant_id, expires_at);

-- A second factor belongs to a person in one company: nothing that another company does reaches it.
create table second_factor (
  tenant_id     uuid not null default current_tenant() references tenant on delete cascade,
  user_id       uuid not null,
  secret_sealed text not null,
  created_at    timestamptz not null,
  -- Null until a first code showed that the person has it.
  confirmed_at  timestamptz,
  -- The time step of the last code that was taken: none is taken twice.
  last_step     bigint not null default 0,
  failures      integer not null default 0,
  locked_until  timestamptz,
  primary key (tenant_id, user_id),
  foreign key (tenant_id, user_id) references membership (tenant_id, user_id) on delete cascade
);

create table recovery_code (
  tenant_id uuid not null default current_tenant() references tenant on delete cascade,
  user_id   uuid not null,
  code_hash text not null,
  used_at   timestamptz,
  primary key (tenant_id, user_id, code_hash),
  foreign key (tenant_id, user_id) references membership (tenant_id, user_id) on delete cascade
);

create table passkey (
  id            uuid primary key default gen_random_uuid(),
  tenant_id     uuid not null default current_tenant() references tenant on delete cascade,
  user_id       uuid not null,
  name          text not null check (name <> ''),
  credential_id text not null,
  public_key    text not null,
  sign_count    bigint not null,
  transports    text[] not null,
  -- The host that it was made for; browsers offer it there alone.
  relying_party text not null,
  created_at    timestamptz not null,
  last_used_at  timestamptz,
  unique (tenant_id, id),
  unique (tenant_id, credential_id),
  foreign key (tenant_id, user_id) references membership (tenant_id, user_id) on delete cascade
);
create index on passkey (tenant_id, user_id);

-- A link in a terminal, or of who switches to another company of theirs, is used up by opening it; one in a mail by a button:
-- scanners open what is in a mail.
alter table sign_in_link add column kind text not null default 'mail' check (kind in ('terminal', 'mail', 'switch'));
alter table sign_in_link add column is_remembered boolean not null default false;
-- SHA-256 of the cookie of the browser that asked for it.
alter table sign_in_link add column browser_hash text;
-- A way to sign in that using the link adds to the person.
alter table sign_in_link add column identity_provider text;
alter table sign_in_link add column identity_subject text;
-- The role that using the link gives to who does not belong to the company yet.
alter table sign_in_link add column joins_as text;
alter table sign_in_link add check ((identity_provider is null) = (identity_subject is null));

do $$
declare
  name text;
begin
  foreach name in array array[
    'data_key', 'identity_provider', 'sign_in_attempt', 'second_factor', 'recovery_code', 'passkey'
  ] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy company on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))',
      name);
    execute format('grant select, insert, update, delete on %I to finops_app', name);
  end loop;
end $$;

create policy directory on sign_in_attempt to finops_directory using (true) with check (true);
grant select, update on sign_in_attempt to finops_directory;
create policy directory on installation_key to finops_directory using (true) with check (true);
grant select, insert, update on installation_key to finops_directory;
create policy directory on data_key to finops_directory using (true) with check (true);
grant select, update on data_key to finops_directory;
grant delete on identity to finops_directory;

-- Gives what somebody who comes back started, once.
create function take_sign_in_attempt(p_state_hash text, p_now timestamptz) returns setof sign_in_attempt
  language sql security definer set search_path = public, pg_temp as $$
  update sign_in_attempt a set used_at = p_now
  from tenant t
  where a.state_hash = p_state_hash and a.used_at is null and a.expires_at > p_now
    and t.id = a.tenant_id and t.state in ('active', 'read-only')
  returning a.*;
$$;

-- Uses a ticket up, for the browser that started and for no other.
create function take_sign_in_ticket(p_ticket_hash text, p_browser_hash text, p_now timestamptz) returns setof sign_in_attempt
  language sql security definer set search_path = public, pg_temp as $$
  update sign_in_attempt a set ticket_used_at = p_now
  from tenant t
  where a.ticket_hash = p_ticket_hash and a.browser_hash = p_browser_hash
    and a.ticket_used_at is null and a.ticket_expires_at > p_now
    and t.id = a.tenant_id and t.state in ('active', 'read-only')
  returning a.*;
$$;

-- What a link would do, without using it up.
create function find_sign_in_link(p_token_hash text, p_now timestamptz)
  returns table (tenant_id uuid, user_id uuid, kind text, email text, tenant_name text, browser_hash text, identity_provider text)
  language sql stable security definer set search_path = public, pg_temp as $$
  select l.tenant_id, l.user_id, l.kind, u.email, t.name, l.browser_hash, l.identity_provider
  from sign_in_link l join app_user u on u.id = l.user_id join tenant t on t.id = l.tenant_id
  where l.token_hash = p_token_hash and l.used_at is null and l.expires_at > p_now
    and u.disabled_at is null and t.state in ('active', 'read-only');
$$;

drop function use_sign_in_link(text, timestamptz);
create function use_sign_in_link(p_token_hash text, p_now timestamptz)
  returns table (tenant_id uuid, user_id uuid, kind text, is_remembered boolean,
                 identity_provider text, identity_subject text, joins_as text)
  language sql security definer set search_path = public, pg_temp as $$
  update sign_in_link l set used_at = p_now
  from app_user u, tenant t
  where l.token_hash = p_token_hash and l.used_at is null and l.expires_at > p_now
    and u.id = l.user_id and u.disabled_at is null and t.id = l.tenant_id and t.state in ('active', 'read-only')
  returning l.tenant_id, l.user_id, l.kind, l.is_remembered, l.identity_provider, l.identity_subject, l.joins_as;
$$;

create function find_user_by_email(p_email text) returns table (user_id uuid, is_disabled boolean)
  language sql stable security definer set search_path = public, pg_temp as $$
  select u.id, u.disabled_at is not null from app_user u where u.email = p_email;
$$;

create function list_identities(p_user_id uuid) returns table (id uuid, provider text, subject text, created_at timestamptz)
  language sql stable security definer set search_path = public, pg_temp as $$
  select i.id, i.provider, i.subject, i.created_at from identity i where i.user_id = p_user_id order by i.created_at, i.id;
$$;

create function unlink_identity(p_user_id uuid, p_id uuid) returns boolean
  language sql security definer set search_path = public, pg_temp as $$
  with gone as (delete from identity where user_id = p_user_id and id = p_id returning id)
  select exists (select from gone);
$$;

create function find_installation_key() returns setof installation_key
  language sql stable security definer set search_path = public, pg_temp as $$
  select * from installation_key;
$$;

create function keep_installation_key(p_id uuid, p_master_key_id text, p_wrapped text) returns void
  language sql security definer set search_path = public, pg_temp as $$
  insert into installation_key (id, master_key_id, wrapped) values (p_id, p_master_key_id, p_wrapped) on conflict do nothing;
$$;

-- For the operator's rotation of master keys.
create function list_data_keys() returns table (tenant_id uuid, id uuid, master_key_id text, wrapped text)
  language sql stable security definer set search_path = public, pg_temp as $$
  select k.tenant_id, k.id, k.master_key_id, k.wrapped from data_key k
  union all select null, i.id, i.master_key_id, i.wrapped from installation_key i;
$$;

create function rewrap_data_key(p_id uuid, p_before text, p_master_key_id text, p_wrapped text) returns boolean
  language sql security definer set search_path = public, pg_temp as $$
  with company as (
    update data_key set master_key_id = p_master_key_id, wrapped = p_wrapped
    where id = p_id and wrapped = p_before returning id
  ), own as (
    update installation_key set master_key_id = p_master_key_id, wrapped = p_wrapped
    where id = p_id and wrapped = p_before returning id
  )
  select exists (select from company) or exists (select from own);
$$;

do $$
declare
  routine regprocedure;
begin
  grant create on schema public to finops_directory;
  foreach routine in array array[
    'take_sign_in_attempt(text, timestamptz)'::regprocedure, 'take_sign_in_ticket(text, text, timestamptz)'::regprocedure,
    'find_sign_in_link(text, timestamptz)'::regprocedure, 'use_sign_in_link(text, timestamptz)'::regprocedure,
    'find_user_by_email(text)'::regprocedure, 'list_identities(uuid)'::regprocedure, 'unlink_identity(uuid, uuid)'::regprocedure,
    'find_installation_key()'::regprocedure, 'keep_installation_key(uuid, text, text)'::regprocedure,
    'list_data_keys()'::regprocedure, 'rewrap_data_key(uuid, text, text, text)'::regprocedure
  ] loop
    execute format('revoke all on function %s from public', routine);
    execute format('grant execute on function %s to finops_app', routine);
    execute format('alter function %s owner to finops_directory', routine);
  end loop;
  revoke create on schema public from finops_directory;
end $$;

-- The same as before, and whether the person has a second factor, asked only where the session has not shown one.
drop function find_session(text, timestamptz);
create function find_session(p_token_hash text, p_now timestamptz)
  returns table (session_id uuid, tenant_id uuid, tenant_slug text, tenant_state text, tenant_settings jsonb,
                 user_id uuid, email text, name text, role_key text, permissions text[], scope jsonb, given jsonb,
                 created_at timestamptz, expires_at timestamptz, idle_until timestamptz, is_remembered boolean,
                 second_factor_at timestamptz, method text, has_second_factor boolean)
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
           s.created_at, s.expires_at, s.idle_until, s.is_remembered, s.second_factor_at, s.method,
           case when s.second_factor_at is not null then true else
             exists (select from second_factor f
                     where f.tenant_id = s.tenant_id and f.user_id = s.user_id and f.confirmed_at is not null)
             or exists (select from passkey p where p.tenant_id = s.tenant_id and p.user_id = s.user_id) end
    from session s
    join tenant t on t.id = s.tenant_id
    join app_user u on u.id = s.user_id and u.disabled_at is null
    join membership m on m.tenant_id = s.tenant_id and m.user_id = s.user_id
    join role r on r.tenant_id = m.tenant_id and r.id = m.role_id
    where s.token_hash = p_token_hash and s.ended_at is null and s.expires_at > p_now
      and (s.idle_until is null or s.idle_until > p_now) and s.epoch = u.session_epoch + t.session_epoch;
end $$;

create policy directory on second_factor for select to finops_directory using (true);
create policy directory on passkey for select to finops_directory using (true);
grant select on second_factor, passkey to finops_directory;

do $$
begin
  grant create on schema public to finops_directory;
  revoke all on function find_session(text, timestamptz) from public;
  grant execute on function find_session(text, timestamptz) to finops_app;
  alter function find_session(text, timestamptz) owner to finops_directory;
  revoke create on schema public from finops_directory;
end $$;
