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

-- The same answer as before, and for a key what its account was given. It stands around the function of before, whose people
-- have no account.
grant create on schema public to finops_directory;
set local role finops_directory;
alter function find_grants(uuid, uuid, uuid, timestamptz) rename to find_own_grants;
reset role;
revoke create on schema public from finops_directory;
create function find_grants(p_tenant_id uuid, p_user_id uuid, p_key_id uuid, p_now timestamptz) returns jsonb
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  own jsonb := find_own_grants(p_tenant_id, p_user_id, p_key_id, p_now);
  account jsonb;
  units jsonb;
begin
  if p_key_id is null then
    return own;
  end if;
  select jsonb_agg(jsonb_build_object(
      'id', g.id, 'roleKey', r.key, 'unitId', g.unit_id, 'scope', g.scope,
      'validFromMs', extract(epoch from g.valid_from) * 1000, 'validUntilMs', extract(epoch from g.valid_until) * 1000,
      'groupId', null, 'memberUnitId', null, 'ruleId', null, 'delegatedBy', null,
      'permissions', (select coalesce(jsonb_agg(p.key), '[]') from permission p
                      where not r.built_in and p.tenant_id = r.tenant_id and p.role_id = r.id)))
    into account
    from api_key k
    join access_grant g on g.tenant_id = k.tenant_id and g.service_account_id = k.service_account_id
    join role r on r.tenant_id = g.tenant_id and r.id = g.role_id
    where k.tenant_id = p_tenant_id and k.id = p_key_id
      and g.revoked_at is null and (g.valid_until is null or g.valid_until > p_now);
  if account is null then
    return own;
  end if;
  with recursive below as (
    select u.id, u.parent_id
    from jsonb_array_elements(account) g join unit u on u.tenant_id = p_tenant_id and u.id = (g->>'unitId')::uuid
    union
    select u.id, u.parent_id from unit u join below b on u.tenant_id = p_tenant_id and u.parent_id = b.id
  )
  select coalesce(jsonb_agg(jsonb_build_object('id', b.id, 'parentId', b.parent_id, 'accounts',
      (select coalesce(jsonb_agg(a.account), '[]') from unit_account a where a.tenant_id = p_tenant_id and a.unit_id = b.id))), '[]')
    into units
    from below b where not exists (select from jsonb_array_elements(own->'units') o where o->>'id' = b.id::text);
  return jsonb_build_object('grants', (own->'grants') || account, 'givers', own->'givers', 'units', (own->'units') || units);
end $$;

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
    'find_grants(uuid, uuid, uuid, timestamptz)'::regprocedure, 'list_installation_keys()'::regprocedure,
    'keep_installation_key(uuid, text, text)'::regprocedure, 'list_domains_to_prove(timestamptz)'::regprocedure
  ] loop
    execute format('revoke all on function %s from public', routine);
    -- The first is the directory's own: it takes any company's id.
    if routine <> 'find_grants(uuid, uuid, uuid, timestamptz)'::regprocedure then
      execute format('grant execute on function %s to finops_app', routine);
    end if;
    execute format('alter function %s owner to finops_directory', routine);
  end loop;
  revoke create on schema public from finops_directory;
end $$;
