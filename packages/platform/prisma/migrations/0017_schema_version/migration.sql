-- A process that may not migrate asks whether somebody did: the record itself stays the owner's.
create function list_applied_migrations() returns setof text
  language sql stable security definer set search_path = public, pg_temp as $$
  select migration_name::text from _prisma_migrations where finished_at is not null and rolled_back_at is null
$$;

grant select on _prisma_migrations to finops_directory;

do $$
begin
  grant create on schema public to finops_directory;
  revoke all on function list_applied_migrations() from public;
  grant execute on function list_applied_migrations() to finops_app;
  alter function list_applied_migrations() owner to finops_directory;
  revoke create on schema public from finops_directory;
end $$;
