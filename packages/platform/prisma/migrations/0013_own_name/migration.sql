-- People say themselves what they are called, in every company that they belong to; the one that asks must be among them.

create function set_own_name(p_user_id uuid, p_name text) returns void
  language sql security definer set search_path = public, pg_temp as $$
  update app_user u set name = p_name
  where u.id = p_user_id
    and exists (select from membership m where m.tenant_id = current_tenant() and m.user_id = u.id);
$$;

grant update (name) on app_user to finops_directory;

do $$
begin
  grant create on schema public to finops_directory;
  revoke all on function set_own_name(uuid, text) from public;
  grant execute on function set_own_name(uuid, text) to finops_app;
  alter function set_own_name(uuid, text) owner to finops_directory;
  revoke create on schema public from finops_directory;
end $$;
