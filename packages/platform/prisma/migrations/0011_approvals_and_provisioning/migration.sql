-- Changes that somebody else approves, roles by attribute, delegation, roles of a unit's people, what is used of permissions, and
-- people and groups that an identity provider keeps (SCIM).

-- Roles by attribute ---------------------------------------------------------------------------------------------------

-- What an identity provider says of a member, as lists of texts: {"groups": ["Buyers"], "department": ["Cart"]}.
create table member_attribute (
  tenant_id  uuid not null default current_tenant() references tenant on delete cascade,
  user_id    uuid not null,
  attributes jsonb not null default '{}' check (jsonb_typeof(attributes) = 'object'),
  changed_at timestamptz not null default now(),
  primary key (tenant_id, user_id),
  foreign key (tenant_id, user_id) references membership (tenant_id, user_id) on delete cascade
);

-- Gives a role, or puts into a group, everybody of whom an attribute has a value.
create table access_rule (
  id              uuid primary key default gen_random_uuid(),
  tenant_id       uuid not null default current_tenant() references tenant on delete cascade,
  name            text not null check (name <> ''),
  attribute       text not null check (attribute <> ''),
  value           text not null check (value <> ''),
  role_id         uuid,
  unit_id         uuid,
  scope           jsonb check (jsonb_typeof(scope) = 'object'),
  group_id        uuid,
  created_by_id   text not null,
  created_by_name text not null,
  created_at      timestamptz not null default now(),
  check (num_nonnulls(role_id, group_id) = 1 and (role_id is not null or num_nonnulls(unit_id, scope) = 0)),
  unique (tenant_id, id),
  foreign key (tenant_id, role_id) references role (tenant_id, id) on delete cascade,
  foreign key (tenant_id, unit_id) references unit (tenant_id, id) on delete cascade,
  foreign key (tenant_id, group_id) references person_group (tenant_id, id) on delete cascade
);
create index on access_rule (tenant_id, role_id);
create index on access_rule (tenant_id, unit_id);
create index on access_rule (tenant_id, group_id);

-- By which rule somebody has it; what was given by hand has none.
alter table access_grant add column rule_id uuid;
alter table access_grant add foreign key (tenant_id, rule_id) references access_rule (tenant_id, id) on delete set null (rule_id);
create unique index on access_grant (tenant_id, rule_id, user_id) where rule_id is not null and revoked_at is null;
alter table group_member add column rule_id uuid;
alter table group_member add foreign key (tenant_id, rule_id) references access_rule (tenant_id, id) on delete cascade;
create index on group_member (tenant_id, rule_id);

-- Delegation, and roles of a unit's people ------------------------------------------------------------------------------

-- What was delegated gives no more than its giver has at each moment.
alter table access_grant add column delegated_by uuid;
alter table access_grant add foreign key (tenant_id, delegated_by) references membership (tenant_id, user_id) on delete cascade;
create index on access_grant (tenant_id, delegated_by) where delegated_by is not null;

-- Given to the people who belong to a unit or to one below it.
alter table access_grant add column member_unit_id uuid;
alter table access_grant add foreign key (tenant_id, member_unit_id) references unit (tenant_id, id) on delete cascade;
create index on access_grant (tenant_id, member_unit_id) where revoked_at is null;
do $$
declare
  one_subject text;
begin
  select conname into strict one_subject from pg_constraint
    where conrelid = 'access_grant'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%num_nonnulls%';
  execute format('alter table access_grant drop constraint %I', one_subject);
end $$;
alter table access_grant add constraint access_grant_has_one_subject
  check (num_nonnulls(user_id, group_id, api_key_id, member_unit_id) = 1);
create index on membership (tenant_id, unit_id) where unit_id is not null;

-- Approvals -----------------------------------------------------------------------------------------------------------

-- A change that waits for others. Nobody deletes one; one that nobody decided in time reads as expired.
create table change_request (
  id                uuid primary key default gen_random_uuid(),
  tenant_id         uuid not null default current_tenant() references tenant on delete cascade,
  kind              text not null,
  payload           jsonb not null,
  summary           text not null,
  reason            text not null default '',
  state             text not null default 'requested'
                    check (state in ('requested', 'approved', 'rejected', 'withdrawn', 'applied')),
  -- The policy as it was when the change was asked for.
  permission        text not null,
  people_needed     smallint not null check (people_needed > 0),
  requested_by_id   uuid not null,
  requested_by_name text not null,
  requested_at      timestamptz not null,
  expires_at        timestamptz not null,
  decided_at        timestamptz,
  applied_at        timestamptz,
  result            jsonb,
  -- Why an approved change could not be made.
  failure           text,
  unique (tenant_id, id)
);
create index on change_request (tenant_id, state, id);

-- Who said what about it: once, for good.
create table change_decision (
  tenant_id   uuid not null default current_tenant() references tenant on delete cascade,
  request_id  uuid not null,
  user_id     uuid not null,
  user_name   text not null,
  is_approval boolean not null,
  comment     text not null default '',
  decided_at  timestamptz not null,
  primary key (tenant_id, request_id, user_id),
  foreign key (tenant_id, request_id) references change_request (tenant_id, id) on delete cascade
);

-- Use of permissions --------------------------------------------------------------------------------------------------

-- When a person or a key needed a permission for the first and the last time, to the day.
create table permission_use (
  tenant_id  uuid not null default current_tenant() references tenant on delete cascade,
  actor_kind text not null check (actor_kind in ('person', 'key')),
  actor_id   uuid not null,
  permission text not null,
  first_on   date not null,
  last_on    date not null,
  primary key (tenant_id, actor_kind, actor_id, permission)
);

-- What an identity provider keeps (SCIM) --------------------------------------------------------------------------------

-- Who is deactivated stays a member for the books, and for nobody who asks who may come in.
alter table membership add column deactivated_at timestamptz;
drop policy directory on membership;
create policy directory on membership to finops_directory using (deactivated_at is null) with check (true);
create trigger membership_deactivated after update of deactivated_at on membership
  for each row execute function announce_access_change();

create table provisioned_user (
  tenant_id   uuid not null default current_tenant() references tenant on delete cascade,
  user_id     uuid not null,
  user_name   text not null check (user_name <> ''),
  external_id text,
  -- Names and work as the provider says them, for its own eyes: the person's name elsewhere is none of its business.
  profile     jsonb not null default '{}' check (jsonb_typeof(profile) = 'object'),
  created_at  timestamptz not null,
  changed_at  timestamptz not null,
  primary key (tenant_id, user_id),
  foreign key (tenant_id, user_id) references membership (tenant_id, user_id) on delete cascade
);
create unique index on provisioned_user (tenant_id, lower(user_name));
create index on provisioned_user (tenant_id, external_id);

alter table person_group add column is_provisioned boolean not null default false;
alter table person_group add column external_id text;
alter table person_group add column changed_at timestamptz;
create index on person_group (tenant_id, external_id) where is_provisioned;

do $$
declare
  name text;
begin
  foreach name in array array['member_attribute', 'access_rule', 'change_request', 'change_decision', 'permission_use', 'provisioned_user'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy company on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))',
      name);
  end loop;
end $$;
grant select, insert, update, delete on member_attribute, access_rule, provisioned_user to finops_app;
grant select, insert, update on change_request, permission_use to finops_app;
-- A decision is made once.
grant select, insert on change_decision to finops_app;

-- Grants to service accounts ------------------------------------------------------------------------------------------

-- Each key of the account has it.
alter table access_grant add column service_account_id uuid;
alter table access_grant add foreign key (tenant_id, service_account_id) references service_account (tenant_id, id)
  on delete cascade;
create index on access_grant (tenant_id, service_account_id) where revoked_at is null;
alter table access_grant drop constraint access_grant_has_one_subject;
alter table access_grant add constraint access_grant_has_one_subject
  check (num_nonnulls(user_id, group_id, api_key_id, member_unit_id, service_account_id) = 1);

-- What somebody may do ------------------------------------------------------------------------------------------------

-- The grants of a person or a key that have not ended: their own, those of their groups or of the key's service account, and
-- those of their unit and all above it.
-- In PL/pgSQL with plans that are kept: planning takes several times as long as running, in each request.
create function grants_of(p_tenant_id uuid, p_user_id uuid, p_key_id uuid, p_now timestamptz) returns jsonb
  language plpgsql stable security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
  return (select coalesce(jsonb_agg(jsonb_build_object(
      'id', g.id, 'roleKey', r.key, 'unitId', g.unit_id, 'scope', g.scope,
      'validFromMs', extract(epoch from g.valid_from) * 1000, 'validUntilMs', extract(epoch from g.valid_until) * 1000,
      'groupId', g.group_id, 'memberUnitId', g.member_unit_id, 'ruleId', g.rule_id, 'delegatedBy', g.delegated_by,
      'permissions', (select coalesce(jsonb_agg(p.key), '[]') from permission p
                      where not r.built_in and p.tenant_id = r.tenant_id and p.role_id = r.id))), '[]')
    from access_grant g join role r on r.tenant_id = g.tenant_id and r.id = g.role_id
    where g.tenant_id = p_tenant_id and g.revoked_at is null and (g.valid_until is null or g.valid_until > p_now)
      and (g.user_id = p_user_id or g.api_key_id = p_key_id
        or g.service_account_id in (select k.service_account_id from api_key k where k.tenant_id = p_tenant_id and k.id = p_key_id)
        or g.group_id in (select m.group_id from group_member m where m.tenant_id = p_tenant_id and m.user_id = p_user_id)
        or g.member_unit_id in (
          with recursive above as (
            select u.id, u.parent_id from membership m join unit u on u.tenant_id = m.tenant_id and u.id = m.unit_id
            where m.tenant_id = p_tenant_id and m.user_id = p_user_id
            union
            select u.id, u.parent_id from above a join unit u on u.tenant_id = p_tenant_id and u.id = a.parent_id
          )
          select a.id from above a)));
end $$;

-- Roles that a person or a key has by a grant that has not ended; those on whose access the delegated ones of them depend, each
-- with theirs; and the units that all of these are given in with all below them.
create function compute_grants(p_tenant_id uuid, p_user_id uuid, p_key_id uuid, p_now timestamptz) returns jsonb
  language plpgsql stable security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  grants jsonb := grants_of(p_tenant_id, p_user_id, p_key_id, p_now);
  given jsonb := grants;
  givers jsonb := '[]';
  seen uuid[] := '{}';
  next uuid[];
  unit_ids uuid[];
  units jsonb := '[]';
begin
  -- Most people have none.
  if grants = '[]' then
    return '{"grants": [], "givers": [], "units": []}';
  end if;
  loop
    next := array(
      select distinct (g->>'delegatedBy')::uuid from jsonb_array_elements(given) g
      where g->>'delegatedBy' is not null and (g->>'delegatedBy')::uuid <> all (seen));
    exit when next = '{}';
    seen := seen || next;
    given := '[]';
    declare
      giver jsonb;
    begin
      for giver in
        select jsonb_build_object(
            'id', m.user_id, 'roleKey', r.key, 'scope', m.scope,
            'permissions', (select coalesce(jsonb_agg(p.key), '[]') from permission p
                            where not r.built_in and p.tenant_id = r.tenant_id and p.role_id = r.id),
            'grants', grants_of(p_tenant_id, m.user_id, null, p_now))
        from membership m
        join app_user u on u.id = m.user_id and u.disabled_at is null
        join role r on r.tenant_id = m.tenant_id and r.id = m.role_id
        where m.tenant_id = p_tenant_id and m.user_id = any (next)
      loop
        givers := givers || giver;
        given := given || (giver->'grants');
      end loop;
    end;
  end loop;
  unit_ids := array(
    select (g->>'unitId')::uuid from jsonb_array_elements(grants) g where g->>'unitId' is not null
    union
    select (g->>'unitId')::uuid from jsonb_array_elements(givers) one, jsonb_array_elements(one->'grants') g
    where g->>'unitId' is not null);
  if unit_ids <> '{}' then
    with recursive below as (
      select u.id, u.parent_id from unit u where u.tenant_id = p_tenant_id and u.id = any (unit_ids)
      union
      select u.id, u.parent_id from unit u join below b on u.tenant_id = p_tenant_id and u.parent_id = b.id
    )
    select coalesce(jsonb_agg(jsonb_build_object('id', b.id, 'parentId', b.parent_id, 'accounts',
        (select coalesce(jsonb_agg(a.account), '[]') from unit_account a where a.tenant_id = p_tenant_id and a.unit_id = b.id))), '[]')
      into units from below b;
  end if;
  return jsonb_build_object('grants', grants, 'givers', givers, 'units', units);
end $$;

-- What somebody was given is worked out once per change of the company's access, not in every request --------------------

-- Differs after every transaction that changed what anybody of the company may do.
create table access_version (
  tenant_id uuid primary key references tenant on delete cascade,
  version   xid8 not null
);

-- What `find_grants` answered, of a person or of a key, while the company's version was this one.
create table access_snapshot (
  tenant_id  uuid not null references tenant on delete cascade,
  user_id    uuid,
  api_key_id uuid,
  version    xid8 not null,
  given      jsonb not null,
  unique nulls not distinct (tenant_id, user_id, api_key_id),
  foreign key (tenant_id, user_id) references membership (tenant_id, user_id) on delete cascade,
  foreign key (tenant_id, api_key_id) references api_key (tenant_id, id) on delete cascade
);

do $$
declare
  name text;
begin
  foreach name in array array['access_version', 'access_snapshot'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy company on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))',
      name);
    -- Nobody but the directory's functions comes here.
    execute format('create policy directory on %I to finops_directory using (true) with check (true)', name);
    execute format('grant select, insert, update on %I to finops_directory', name);
  end loop;
end $$;
insert into access_version (tenant_id, version) select id, pg_current_xact_id() from tenant;

-- At the end of a transaction, so that the company's row is held for no longer than it takes to commit. Of a company that is
-- being deleted nothing is noted.
create function note_access_change() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into access_version as known (tenant_id, version)
    select t.id, pg_current_xact_id() from tenant t
    where t.id = case when tg_op = 'DELETE' then old.tenant_id else new.tenant_id end
    on conflict (tenant_id) do update set version = excluded.version where known.version <> excluded.version;
  return null;
end $$;

-- Somebody who is shut out everywhere may have delegated in every company of theirs.
create function note_person_change() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into access_version as known (tenant_id, version)
    select m.tenant_id, pg_current_xact_id() from membership m where m.user_id = new.id order by m.tenant_id
    on conflict (tenant_id) do update set version = excluded.version where known.version <> excluded.version;
  return null;
end $$;

create function note_new_company() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into access_version (tenant_id, version) values (new.id, pg_current_xact_id());
  return null;
end $$;

-- Everything that `find_grants` reads.
do $$
declare
  name text;
begin
  foreach name in array array['access_grant', 'role', 'permission', 'group_member', 'membership', 'unit', 'unit_account'] loop
    execute format(
      'create constraint trigger %I after insert or update or delete on %I
         deferrable initially deferred for each row execute function note_access_change()', name || '_access_version', name);
  end loop;
end $$;
create constraint trigger app_user_access_version after update of disabled_at on app_user
  deferrable initially deferred for each row execute function note_person_change();
create trigger tenant_access_version after insert on tenant for each row execute function note_new_company();

drop function find_grants(uuid, uuid, uuid, timestamptz);
-- The version is read first: what is kept under it may be newer than it, never older. A grant that has ended since is left out
-- by whoever reads the answer, as one that has yet to begin is.
create function find_grants(p_tenant_id uuid, p_user_id uuid, p_key_id uuid, p_now timestamptz) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  known xid8 := (select v.version from access_version v where v.tenant_id = p_tenant_id);
  answer jsonb;
begin
  if p_key_id is null then
    select s.given into answer from access_snapshot s
      where s.tenant_id = p_tenant_id and s.user_id = p_user_id and s.api_key_id is null and s.version = known;
  else
    select s.given into answer from access_snapshot s
      where s.tenant_id = p_tenant_id and s.user_id is null and s.api_key_id = p_key_id and s.version = known;
  end if;
  if answer is not null then
    return answer;
  end if;
  answer := compute_grants(p_tenant_id, p_user_id, p_key_id, p_now);
  insert into access_snapshot (tenant_id, user_id, api_key_id, version, given)
    values (p_tenant_id, p_user_id, p_key_id, known, answer)
    on conflict (tenant_id, user_id, api_key_id) do update set version = excluded.version, given = excluded.given;
  return answer;
end $$;
-- They remember as well.
set local role finops_directory;
alter function find_key_holder(uuid, timestamptz) volatile;
alter function find_token_holder(uuid, uuid, timestamptz) volatile;
reset role;

-- The people and keys of the transaction's company with all that gives them something, or one of them.
create function list_access(p_kind text, p_id uuid, p_now timestamptz)
  returns table (kind text, id uuid, name text, email text, role_key text, permissions text[], scope jsonb, given jsonb, account jsonb)
  language sql stable security definer set search_path = public, pg_temp as $$
  select 'person', u.id,
         -- What they call themselves, or what the company calls them until they accept its invitation.
         coalesce(nullif(case when m.accepted_at is null then m.name else coalesce(nullif(u.name, ''), m.name) end, ''), u.email),
         u.email, r.key,
         array(select p.key from permission p where not r.built_in and p.tenant_id = r.tenant_id and p.role_id = r.id order by p.key),
         m.scope, compute_grants(m.tenant_id, m.user_id, null, p_now), null
  from membership m
  join app_user u on u.id = m.user_id and u.disabled_at is null
  join role r on r.tenant_id = m.tenant_id and r.id = m.role_id
  where m.tenant_id = current_tenant() and p_kind is distinct from 'key' and (p_id is null or m.user_id = p_id)
  union all
  select 'key', k.id, k.name, null, null, k.permissions, k.scope, compute_grants(k.tenant_id, null, k.id, p_now),
         -- What the account has that the key is of.
         case when a.id is not null then jsonb_build_object('roleKey', r.key, 'scope', a.scope, 'permissions',
           (select coalesce(jsonb_agg(p.key), '[]') from permission p where p.tenant_id = r.tenant_id and p.role_id = r.id)) end
  from api_key k
  left join service_account a on a.tenant_id = k.tenant_id and a.id = k.service_account_id
  left join role r on r.tenant_id = a.tenant_id and r.id = a.role_id
  where k.tenant_id = current_tenant() and p_kind is distinct from 'person' and (p_id is null or k.id = p_id)
    and k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now) and a.disabled_at is null
  order by 1 desc, 4, 3;
$$;

do $$
declare
  routine regprocedure;
begin
  grant create on schema public to finops_directory;
  foreach routine in array array[
    'grants_of(uuid, uuid, uuid, timestamptz)'::regprocedure, 'compute_grants(uuid, uuid, uuid, timestamptz)'::regprocedure,
    'find_grants(uuid, uuid, uuid, timestamptz)'::regprocedure, 'note_access_change()'::regprocedure,
    'note_person_change()'::regprocedure, 'note_new_company()'::regprocedure, 'list_access(text, uuid, timestamptz)'::regprocedure
  ] loop
    execute format('revoke all on function %s from public', routine);
    -- The others are the directory's own: they take any company's id, or are a trigger's.
    if routine = 'list_access(text, uuid, timestamptz)'::regprocedure then
      execute format('grant execute on function %s to finops_app', routine);
    end if;
    execute format('alter function %s owner to finops_directory', routine);
  end loop;
  revoke create on schema public from finops_directory;
end $$;
