-- Keys that wait to be taken, what service accounts are given, data keys that follow one another, and domains that are proven
-- again.

-- Keys ----------------------------------------------------------------------------------------------------------------

-- A key that somebody else approved is made without its text. Who asked for it takes that, once.
alter table api_key alter column token_hash drop not null;
alter table api_key add column awaits text;
alter table api_key add constraint api_key_is_taken_or_waits check ((token_hash is null) = (awaits is not null));

-- Grants to service accounts ------------------------------------------------------------------------------------------

-- Each key of the account has it.
alter table access_grant add column service_account_id uuid;
alter table access_grant add foreign key (tenant_id, service_account_id) references service_account (tenant_id, id)
  on delete cascade;
create index on access_grant (tenant_id, service_account_id) where revoked_at is null;
alter table access_grant drop constraint access_grant_has_one_subject;
alter table access_grant add constraint access_grant_has_one_subject
  check (num_nonnulls(user_id, group_id, api_key_id, member_unit_id, service_account_id) = 1);

-- As before, and of a key what its account was given.
grant create on schema public to finops_directory;
set local role finops_directory;
create or replace function grants_of(p_tenant_id uuid, p_user_id uuid, p_key_id uuid, p_now timestamptz) returns jsonb
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
reset role;
revoke create on schema public from finops_directory;

-- Data keys -----------------------------------------------------------------------------------------------------------

-- The newest seals; those before it only open what they sealed.
alter table data_key drop constraint data_key_pkey;
alter table data_key add primary key (tenant_id, id);

drop function find_installation_key();
drop function keep_installation_key(uuid, text, text);
alter table installation_key drop constraint installation_key_pkey;
alter table installation_key drop column only_one;
alter table installation_key add primary key (id);

create function list_installation_keys() returns table (id uuid, master_key_id text, wrapped text)
  language sql stable security definer set search_path = public, pg_temp as $$
  select k.id, k.master_key_id, k.wrapped from installation_key k order by k.id desc;
$$;

create function keep_installation_key(p_id uuid, p_master_key_id text, p_wrapped text) returns void
  language sql security definer set search_path = public, pg_temp as $$
  insert into installation_key (id, master_key_id, wrapped) values (p_id, p_master_key_id, p_wrapped);
$$;

-- Domains -------------------------------------------------------------------------------------------------------------

-- When the record was looked for last, and since when it is not there.
alter table company_domain add column checked_at timestamptz;
alter table company_domain add column missing_since timestamptz;

-- Domains that work and were not looked at since an instant, of all companies. For the platform's own round.
create function list_domains_to_prove(p_before timestamptz) returns table (tenant_id uuid, id uuid)
  language sql stable security definer set search_path = public, pg_temp as $$
  select d.tenant_id, d.id from company_domain d
  where d.verified_at is not null and coalesce(d.checked_at, d.verified_at) < p_before
  order by coalesce(d.checked_at, d.verified_at);
$$;

do $$
declare
  routine regprocedure;
begin
  grant create on schema public to finops_directory;
  foreach routine in array array[
    'list_installation_keys()'::regprocedure, 'keep_installation_key(uuid, text, text)'::regprocedure, 'list_domains_to_prove(timestamptz)'::regprocedure
  ] loop
    execute format('revoke all on function %s from public', routine);
    execute format('grant execute on function %s to finops_app', routine);
    execute format('alter function %s owner to finops_directory', routine);
  end loop;
  revoke create on schema public from finops_directory;
end $$;
