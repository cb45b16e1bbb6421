-- Keys that wait to be taken, data keys that follow one another, and domains that are proven
-- again.

-- Keys ----------------------------------------------------------------------------------------------------------------

-- A key that somebody else approved is made without its text. Who asked for it takes that, once.
alter table api_key alter column token_hash drop not null;
alter table api_key add column awaits text;
alter table api_key add constraint api_key_is_taken_or_waits check ((token_hash is null) = (awaits is not null));

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
