-- People say themselves what they are called, in every company that they belong to.

create function set_own_name(p_user_id uuid, p_name text) returns void
  language sql security definer set search_path = public, pg_temp as $$
  update app_user set name = p_name where id = p_user_id;
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
