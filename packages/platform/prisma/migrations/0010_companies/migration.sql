-- Companies by their own host names, invitations, moves between units, and what a company does that does not work as usual.

alter table tenant add check ((state = 'leaving') = (leaves_at is not null));

-- Host names of a company's own. Two companies may ask for one; the first that proves it has it.
create table company_domain (
  id          uuid primary key default gen_random_uuid(),
  tenant_id   uuid not null default current_tenant() references tenant on delete cascade,
  domain      text not null check (domain = lower(domain)),
  -- What the TXT record of _finops.<domain> has to say.
  proof       text not null,
  created_at  timestamptz not null default now(),
  verified_at timestamptz,
  unique (tenant_id, id),
  unique (tenant_id, domain)
);
create unique index company_domain_verified on company_domain (domain) where verified_at is not null;

-- Somebody who is to belong to the company from when they use the link. Whether the platform knows them already is not told.
alter table sign_in_link add unique (tenant_id, id);
-- Who switches to another company of theirs gets a link in the answer. It is opened like one in a terminal, and obeys the
-- company's rules like one in a mail.
alter table sign_in_link drop constraint sign_in_link_kind_check;
alter table sign_in_link add constraint sign_in_link_kind_check check (kind in ('terminal', 'switch', 'mail'));
create table invitation (
  id              uuid primary key default gen_random_uuid(),
  tenant_id       uuid not null default current_tenant() references tenant on delete cascade,
  email           text not null check (email = lower(email)),
  role_id         uuid not null,
  unit_id         uuid,
  scope           jsonb check (jsonb_typeof(scope) = 'object'),
  link_id         uuid,
  invited_by_id   text not null,
  invited_by_name text not null,
  created_at      timestamptz not null default now(),
  sent_at         timestamptz not null,
  expires_at      timestamptz not null,
  accepted_at     timestamptz,
  revoked_at      timestamptz,
  unique (tenant_id, id),
  foreign key (tenant_id, role_id) references role (tenant_id, id) on delete cascade,
  foreign key (tenant_id, unit_id) references unit (tenant_id, id) on delete set null (unit_id),
  foreign key (tenant_id, link_id) references sign_in_link (tenant_id, id) on delete set null (link_id)
);
create unique index invitation_open on invitation (tenant_id, email) where accepted_at is null and revoked_at is null;
create index on invitation (tenant_id, link_id);
create index on invitation (tenant_id, role_id);
create index on invitation (tenant_id, unit_id);

-- Which unit somebody went from and to. Names stand as they were: the person and the units may be gone.
create table unit_move (
  id             uuid primary key default gen_random_uuid(),
  tenant_id      uuid not null default current_tenant() references tenant on delete cascade,
  user_id        uuid not null,
  from_unit_id   uuid,
  from_unit_name text,
  to_unit_id     uuid,
  to_unit_name   text,
  moved_at       timestamptz not null,
  moved_by_id    text not null,
  moved_by_name  text not null,
  check (from_unit_id is distinct from to_unit_id)
);
create index on unit_move (tenant_id, user_id, moved_at);
create index on membership (tenant_id, unit_id) where unit_id is not null;

do $$
declare
  name text;
begin
  foreach name in array array['company_domain', 'invitation', 'unit_move'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy company on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))',
      name);
    execute format('create policy directory on %I to finops_directory using (true) with check (true)', name);
  end loop;
end $$;

grant select, insert, update, delete on company_domain to finops_app;
-- Revoked, never deleted.
grant select, insert, update on invitation to finops_app;
-- Append-only.
grant select, insert on unit_move to finops_app;
grant select on company_domain to finops_directory;
grant select, update on invitation to finops_directory;
grant insert on unit_move, membership to finops_directory;
grant insert (id, tenant_id, at, actor_kind, actor_id, actor_name, via, address, action, before, after, request_id)
  on audit_entry to finops_directory;
grant delete on app_user to finops_directory;

-- Who listens is asked again when their company is shut.
create function announce_company_change() returns trigger
  language plpgsql as $$
begin
  perform pg_notify('access_changed', new.id::text);
  return null;
end $$;
create trigger tenant_state_changed after update of state on tenant
  for each row when (old.state <> new.state) execute function announce_company_change();

-- The company that is reached by a host name of its own.
create function find_tenant_by_domain(p_domain text) returns setof tenant
  language sql stable security definer set search_path = public, pg_temp as $$
  select t.* from company_domain d join tenant t on t.id = d.tenant_id where d.domain = p_domain and d.verified_at is not null;
$$;

-- Whose a link is, used or not.
create function find_link_owner(p_token_hash text) returns table (tenant_id uuid, tenant_slug text)
  language sql stable security definer set search_path = public, pg_temp as $$
  select t.id, t.slug from sign_in_link l join tenant t on t.id = l.tenant_id where l.token_hash = p_token_hash;
$$;

-- Whether somebody gets in: a company that is shut lets in its owners alone.
create function may_enter(p_state text, p_tenant_id uuid, p_user_id uuid) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select p_state in ('active', 'read-only') or exists (
    select from membership m join role r on r.tenant_id = m.tenant_id and r.id = m.role_id
    where m.tenant_id = p_tenant_id and m.user_id = p_user_id and r.built_in and r.key = 'owner');
$$;

-- Whose way through a provider it is, is known at its end: the door then asks whether they get in.
drop function take_sign_in_attempt(text, timestamptz);
create function take_sign_in_attempt(p_state_hash text, p_now timestamptz) returns setof sign_in_attempt
  language sql security definer set search_path = public, pg_temp as $$
  update sign_in_attempt a set used_at = p_now
  where a.state_hash = p_state_hash and a.used_at is null and a.expires_at > p_now
  returning a.*;
$$;

drop function take_sign_in_ticket(text, text, timestamptz);
create function take_sign_in_ticket(p_ticket_hash text, p_browser_hash text, p_now timestamptz)
  returns setof sign_in_attempt
  language sql security definer set search_path = public, pg_temp as $$
  update sign_in_attempt a set ticket_used_at = p_now
  where a.ticket_hash = p_ticket_hash and a.browser_hash = p_browser_hash
    and a.ticket_used_at is null and a.ticket_expires_at > p_now
  returning a.*;
$$;

drop function find_sign_in_link(text, timestamptz);
create function find_sign_in_link(p_token_hash text, p_now timestamptz)
  returns table (tenant_id uuid, user_id uuid, kind text, email text, tenant_name text, browser_hash text, identity_provider text)
  language sql stable security definer set search_path = public, pg_temp as $$
  select l.tenant_id, l.user_id, l.kind, u.email, t.name, l.browser_hash, l.identity_provider
  from sign_in_link l join app_user u on u.id = l.user_id join tenant t on t.id = l.tenant_id
  where l.token_hash = p_token_hash and l.used_at is null and l.expires_at > p_now
    and u.disabled_at is null and may_enter(t.state, t.id, u.id);
$$;

drop function use_sign_in_link(text, timestamptz);
create function use_sign_in_link(p_token_hash text, p_now timestamptz)
  returns table (tenant_id uuid, user_id uuid, kind text, is_remembered boolean,
                 identity_provider text, identity_subject text, joins_as text)
  language sql security definer set search_path = public, pg_temp as $$
  update sign_in_link l set used_at = p_now
  from app_user u, tenant t
  where l.token_hash = p_token_hash and l.used_at is null and l.expires_at > p_now
    and u.id = l.user_id and u.disabled_at is null and t.id = l.tenant_id and may_enter(t.state, t.id, u.id)
  returning l.tenant_id, l.user_id, l.kind, l.is_remembered, l.identity_provider, l.identity_subject, l.joins_as;
$$;

drop function list_companies_of_user(uuid);
create function list_companies_of_user(p_user_id uuid)
  returns table (tenant_id uuid, slug text, name text, role_key text, state text)
  language sql stable security definer set search_path = public, pg_temp as $$
  select t.id, t.slug, t.name, r.key, t.state
  from membership m join tenant t on t.id = m.tenant_id join role r on r.tenant_id = m.tenant_id and r.id = m.role_id
  where m.user_id = p_user_id and may_enter(t.state, t.id, m.user_id)
  order by t.slug;
$$;

-- An invitation is accepted by the link that was sent with it, in the transaction that uses the link up, whichever way of
-- signing in does so. The invitation itself was checked against what its sender may give.
create function accept_invitation() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  wanted invitation;
  person_name text;
  unit_name text;
begin
  update invitation i set accepted_at = new.used_at
  where i.tenant_id = new.tenant_id and i.link_id = new.id and i.accepted_at is null and i.revoked_at is null
  returning i.* into wanted;
  if not found then
    return null;
  end if;
  insert into membership (tenant_id, user_id, role_id, unit_id, scope, created_at, accepted_at)
  values (new.tenant_id, new.user_id, wanted.role_id, wanted.unit_id, wanted.scope, new.used_at, new.used_at)
  on conflict (tenant_id, user_id) do nothing;
  if not found then
    return null;
  end if;
  select coalesce(nullif(u.name, ''), u.email) into person_name from app_user u where u.id = new.user_id;
  if wanted.unit_id is not null then
    select u.name into unit_name from unit u where u.tenant_id = new.tenant_id and u.id = wanted.unit_id;
    insert into unit_move (tenant_id, user_id, to_unit_id, to_unit_name, moved_at, moved_by_id, moved_by_name)
    values (new.tenant_id, new.user_id, wanted.unit_id, unit_name, new.used_at, wanted.invited_by_id, wanted.invited_by_name);
  end if;
  insert into audit_entry (tenant_id, at, actor_kind, actor_id, actor_name, via, action, after, request_id)
  values (new.tenant_id, new.used_at, 'person', new.user_id::text, person_name, 'page', 'invitation.accepted',
    jsonb_build_object('id', wanted.id, 'email', wanted.email, 'person', new.user_id, 'unitId', wanted.unit_id, 'scope', wanted.scope),
    '');
  return null;
end $$;
create trigger sign_in_link_used after update of used_at on sign_in_link
  for each row when (old.used_at is null and new.used_at is not null) execute function accept_invitation();

-- Work of companies that are read-only or shut waits, except for what they take along.
drop function claim_work_item(text, text, integer, integer);
create function claim_work_item(p_pool text, p_worker text, p_lease_ms integer, p_tenant_max integer)
  returns setof work_item
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  waiting record;
  item_id uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended('claim_work_item:' || p_pool, 0));
  for waiting in
    select q.tenant_id, c.state = 'active' as works
    from (select distinct w.tenant_id from work_item w where w.pool = p_pool and w.state = 'queued') q
    join tenant c on c.id = q.tenant_id
    left join work_turn t on t.tenant_id = q.tenant_id and t.pool = p_pool
    where (select count(*) from work_item r
           where r.tenant_id = q.tenant_id and r.pool = p_pool and r.state = 'running') < p_tenant_max
    order by t.turn nulls first, q.tenant_id
  loop
    select w.id into item_id from work_item w
    where w.tenant_id = waiting.tenant_id and w.pool = p_pool and w.state = 'queued'
      and (waiting.works or w.kind = 'company-export')
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

-- With a company go the people whom nothing else knows.
drop function delete_tenant(uuid);
create function delete_tenant(p_id uuid) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  people uuid[];
  is_gone boolean;
begin
  people := array(
    select m.user_id from membership m where m.tenant_id = p_id
    union select l.user_id from sign_in_link l where l.tenant_id = p_id);
  delete from tenant where id = p_id;
  is_gone := found;
  delete from app_user u
  where u.id = any (people)
    and not exists (select from membership m where m.user_id = u.id)
    and not exists (select from sign_in_link l where l.user_id = u.id);
  return is_gone;
end $$;

do $$
declare
  routine regprocedure;
begin
  grant create on schema public to finops_directory;
  foreach routine in array array[
    'find_tenant_by_domain(text)'::regprocedure, 'find_link_owner(text)'::regprocedure,
    'list_companies_of_user(uuid)'::regprocedure,
    'take_sign_in_attempt(text, timestamptz)'::regprocedure,
    'take_sign_in_ticket(text, text, timestamptz)'::regprocedure,
    'find_sign_in_link(text, timestamptz)'::regprocedure,
    'use_sign_in_link(text, timestamptz)'::regprocedure,
    'claim_work_item(text, text, integer, integer)'::regprocedure,
    'delete_tenant(uuid)'::regprocedure,
    'may_enter(text, uuid, uuid)'::regprocedure, 'accept_invitation()'::regprocedure
  ] loop
    execute format('revoke all on function %s from public', routine);
    -- The directory's own: one takes any company's id, the other runs by a trigger.
    if routine not in ('may_enter(text, uuid, uuid)'::regprocedure, 'accept_invitation()'::regprocedure) then
      execute format('grant execute on function %s to finops_app', routine);
    end if;
    execute format('alter function %s owner to finops_directory', routine);
  end loop;
  revoke create on schema public from finops_directory;
end $$;
