-- Who is deactivated keeps what they were given, for the day that they come back, and has none of it until then: not in what
-- they asked others to approve, nor in what is sent on schedule.
grant create on schema public to finops_directory;
set local role finops_directory;

create or replace function list_access(p_kind text, p_id uuid, p_now timestamptz)
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
  where m.tenant_id = current_tenant() and m.deactivated_at is null and p_kind is distinct from 'key'
    and (p_id is null or m.user_id = p_id)
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

reset role;
revoke create on schema public from finops_directory;
