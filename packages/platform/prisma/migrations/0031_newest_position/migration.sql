-- Where a company's publication log stands, in one way there and back instead of a transaction's four: every query asks for
-- it. The company is set for this statement alone, and row security holds within as everywhere, for the caller's own role.
create function newest_position(p_tenant_id uuid) returns bigint
language plpgsql volatile security invoker set search_path = public, pg_temp as $$
declare
  company_before text := coalesce(current_setting('app.tenant_id', true), '');
  found bigint;
begin
  perform set_config('app.tenant_id', p_tenant_id::text, true);
  select max(position) into found from publication where tenant_id = p_tenant_id;
  perform set_config('app.tenant_id', company_before, true);
  return coalesce(found, 0);
end $$;
