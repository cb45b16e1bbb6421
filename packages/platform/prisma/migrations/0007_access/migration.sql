-- Who may do what: groups, grants, the costs that a role is limited to, and the accounts that are a unit's.

-- What a person may do by belonging to the company may be limited to a part of its costs: a cost filter as JSON.
alter table membership add column scope jsonb;
alter table membership add constraint membership_scope_is_filter check (jsonb_typeof(scope) = 'object');

-- What the company calls a person; what they call themselves elsewhere it learns when they accept by signing in.
alter table membership add column name text not null default '';
alter table membership add column accepted_at timestamptz;

create function accept_membership() returns trigger
  language plpgsql as $$
begin
  update membership set accepted_at = new.created_at
  where tenant_id = new.tenant_id and user_id = new.user_id and accepted_at is null;
  return null;
end $$;

create trigger session_accepts after insert on session for each row execute function accept_membership();

-- The same of a key. Its maker cannot give it more costs than they see.
alter table api_key add column scope jsonb;
alter table api_key add constraint api_key_scope_is_filter check (jsonb_typeof(scope) = 'object');
alter table api_key add unique (tenant_id, id);

-- The costs that a report's figures were read from; null is the whole company's.
alter table report_run add column scope jsonb;

alter table unit drop constraint unit_kind_check;
alter table unit add constraint unit_kind_check check (kind in ('department', 'team', 'cost-center'));

-- Which unit an account's costs belong to. An account belongs to one.
create table unit_account (
  tenant_id uuid not null default current_tenant() references tenant on delete cascade,
  account   text not null check (account <> ''),
  unit_id   uuid not null,
  primary key (tenant_id, account),
  foreign key (tenant_id, unit_id) references unit (tenant_id, id) on delete cascade
);
create index on unit_account (tenant_id, unit_id);

create table person_group (
  id          uuid primary key default gen_random_uuid(),
  tenant_id   uuid not null default current_tenant() references tenant on delete cascade,
  name        text not null check (name <> ''),
  description text not null default '',
  created_at  timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, name)
);

-- Who leaves the company leaves its groups.
create table group_member (
  tenant_id uuid not null default current_tenant() references tenant on delete cascade,
  group_id  uuid not null,
  user_id   uuid not null,
  added_at  timestamptz not null default now(),
  primary key (tenant_id, group_id, user_id),
  foreign key (tenant_id, group_id) references person_group (tenant_id, id) on delete cascade,
  foreign key (tenant_id, user_id) references membership (tenant_id, user_id) on delete cascade
);
create index on group_member (tenant_id, user_id);

-- A role that a person, a group or a key has beside what it has anyway, such as for a time or for one unit's costs. Ended and
-- revoked ones stay to be looked at.
create table access_grant (
  id              uuid primary key default gen_random_uuid(),
  tenant_id       uuid not null default current_tenant() references tenant on delete cascade,
  user_id         uuid,
  group_id        uuid,
  api_key_id      uuid,
  role_id         uuid not null,
  unit_id         uuid,
  scope           jsonb check (jsonb_typeof(scope) = 'object'),
  valid_from      timestamptz not null,
  valid_until     timestamptz check (valid_until > valid_from),
  reason          text not null default '',
  granted_by_id   text not null,
  granted_by_name text not null,
  created_at      timestamptz not null default now(),
  revoked_at      timestamptz,
  revoked_by_name text,
  check (num_nonnulls(user_id, group_id, api_key_id) = 1),
  unique (tenant_id, id),
  foreign key (tenant_id, user_id) references membership (tenant_id, user_id) on delete cascade,
  foreign key (tenant_id, group_id) references person_group (tenant_id, id) on delete cascade,
  foreign key (tenant_id, api_key_id) references api_key (tenant_id, id) on delete cascade,
  foreign key (tenant_id, role_id) references role (tenant_id, id) on delete cascade,
  foreign key (tenant_id, unit_id) references unit (tenant_id, id) on delete cascade
);
create index on access_grant (tenant_id, user_id) where revoked_at is null;
create index on access_grant (tenant_id, group_id) where revoked_at is null;
create index on access_grant (tenant_id, api_key_id) where revoked_at is null;
create index on access_grant (tenant_id, role_id);
create index on access_grant (tenant_id, unit_id);

do $$
declare
  name text;
begin
  foreach name in array array['unit_account', 'person_group', 'group_member', 'access_grant'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy company on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))',
      name);
  end loop;
  foreach name in array array['unit', 'unit_account', 'group_member', 'access_grant'] loop
    execute format('create policy directory on %I for select to finops_directory using (true)', name);
    execute format('grant select on %I to finops_directory', name);
  end loop;
end $$;

grant select, insert, update, delete on unit_account, person_group, group_member to finops_app;
-- A grant is revoked, never deleted.
grant select, insert, update on access_grant to finops_app;

-- Who listens is asked again as soon as what they may read can have changed.
create trigger group_member_changed after insert or delete on group_member
  for each row execute function announce_access_change();
create trigger access_grant_changed after insert or update or delete on access_grant
  for each row execute function announce_access_change();
create trigger unit_account_changed after insert or update or delete on unit_account
  for each row execute function announce_access_change();
create trigger unit_moved after update of parent_id on unit
  for each row execute function announce_access_change();
drop trigger api_key_revoked on api_key;
create trigger api_key_revoked after update of revoked_at, expires_at, permissions, scope or delete on api_key
  for each row execute function announce_access_change();

-- The built-in roles are named as the FinOps Framework names its personas. The owner of the tables sees no rows as long as row
-- security is forced, so it is not while the rows of all companies are brought up to date.
alter table tenant no force row level security;
alter table role no force row level security;
alter table document no force row level security;
alter table membership no force row level security;
update membership set accepted_at = created_at;
update role set key = 'finops', name = 'FinOps practitioner' where built_in and key = 'analyst';
insert into role (tenant_id, key, name, built_in)
  select t.id, r.key, r.name, true
  from tenant t cross join (values
    ('finops', 'FinOps practitioner'), ('finance', 'Finance'), ('engineer', 'Engineering'), ('auditor', 'Auditor')) r (key, name)
  on conflict (tenant_id, key) do nothing;
update document set sharing = jsonb_set(sharing, '{roles}',
    (select jsonb_agg(case when shown = '"analyst"' then '"finops"' else shown end) from jsonb_array_elements(sharing->'roles') shown))
  where sharing->'roles' ? 'analyst';
alter table tenant force row level security;
alter table role force row level security;
alter table document force row level security;
alter table membership force row level security;

-- What somebody may do comes with who they are, in the one answer of the directory: see src/access/access-facts.ts.

-- Roles that a person or a key has by a grant that has not ended, and the units that those are given in with all below them.
create function find_grants(p_tenant_id uuid, p_user_id uuid, p_key_id uuid, p_now timestamptz) returns jsonb
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  grants jsonb;
  units jsonb := '[]';
begin
  select coalesce(jsonb_agg(jsonb_build_object(
      'id', g.id, 'roleKey', r.key, 'unitId', g.unit_id, 'scope', g.scope,
      'validFromMs', extract(epoch from g.valid_from) * 1000, 'validUntilMs', extract(epoch from g.valid_until) * 1000,
      'permissions', (select coalesce(jsonb_agg(p.key), '[]') from permission p
                      where not r.built_in and p.tenant_id = r.tenant_id and p.role_id = r.id))), '[]')
    into grants
    from access_grant g join role r on r.tenant_id = g.tenant_id and r.id = g.role_id
    where g.tenant_id = p_tenant_id and g.revoked_at is null and (g.valid_until is null or g.valid_until > p_now)
      and (g.user_id = p_user_id or g.api_key_id = p_key_id
        or g.group_id in (select m.group_id from group_member m where m.tenant_id = p_tenant_id and m.user_id = p_user_id));
  if exists (select from jsonb_array_elements(grants) g where g->>'unitId' is not null) then
    with recursive below as (
      select u.id, u.parent_id from unit u
      where u.tenant_id = p_tenant_id
        and u.id in (select (g->>'unitId')::uuid from jsonb_array_elements(grants) g)
      union
      select u.id, u.parent_id from unit u join below b on u.tenant_id = p_tenant_id and u.parent_id = b.id
    )
    select coalesce(jsonb_agg(jsonb_build_object('id', b.id, 'parentId', b.parent_id, 'accounts',
        (select coalesce(jsonb_agg(a.account), '[]') from unit_account a where a.tenant_id = p_tenant_id and a.unit_id = b.id))), '[]')
      into units from below b;
  end if;
  return jsonb_build_object('grants', grants, 'units', units);
end $$;

drop function find_session(text, timestamptz);
create function find_session(p_token_hash text, p_now timestamptz)
  returns table (session_id uuid, tenant_id uuid, tenant_slug text, user_id uuid, email text, name text,
                 role_key text, permissions text[], scope jsonb, given jsonb, expires_at timestamptz)
  language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  update session s set last_seen_at = p_now
  where s.token_hash = p_token_hash and s.ended_at is null and s.expires_at > p_now and s.last_seen_at < p_now - interval '5 minutes';
  return query
    select s.id, t.id, t.slug, u.id, u.email, coalesce(nullif(u.name, ''), m.name), r.key,
           array(select p.key from permission p where p.tenant_id = r.tenant_id and p.role_id = r.id order by p.key),
           m.scope, find_grants(m.tenant_id, m.user_id, null, p_now), s.expires_at
    from session s
    join tenant t on t.id = s.tenant_id and t.state = 'active'
    join app_user u on u.id = s.user_id and u.disabled_at is null
    join membership m on m.tenant_id = s.tenant_id and m.user_id = s.user_id
    join role r on r.tenant_id = m.tenant_id and r.id = m.role_id
    where s.token_hash = p_token_hash and s.ended_at is null and s.expires_at > p_now;
end $$;

drop function find_api_key(text, timestamptz);
create function find_api_key(p_token_hash text, p_now timestamptz)
  returns table (key_id uuid, tenant_id uuid, tenant_slug text, name text, permissions text[], scope jsonb, given jsonb)
  language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  update api_key k set last_used_at = p_now
  where k.token_hash = p_token_hash and (k.last_used_at is null or k.last_used_at < p_now - interval '5 minutes');
  return query
    select k.id, t.id, t.slug, k.name, k.permissions, k.scope, find_grants(k.tenant_id, null, k.id, p_now)
    from api_key k join tenant t on t.id = k.tenant_id and t.state = 'active'
    where k.token_hash = p_token_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now);
end $$;

do $$
declare
  routine regprocedure;
begin
  grant create on schema public to finops_directory;
  foreach routine in array array[
    'find_session(text, timestamptz)'::regprocedure, 'find_api_key(text, timestamptz)'::regprocedure,
    'find_grants(uuid, uuid, uuid, timestamptz)'::regprocedure
  ] loop
    execute format('revoke all on function %s from public', routine);
    -- `find_grants` is the directory's own: it takes any company's id.
    if routine <> 'find_grants(uuid, uuid, uuid, timestamptz)'::regprocedure then
      execute format('grant execute on function %s to finops_app', routine);
    end if;
    execute format('alter function %s owner to finops_directory', routine);
  end loop;
  revoke create on schema public from finops_directory;
end $$;
