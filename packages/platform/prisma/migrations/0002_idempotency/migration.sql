-- Answers to requests that were sent with a key, so that one sent twice is done once. Kept for a day.

create table idempotency_key (
  tenant_id    uuid not null default current_tenant() references tenant on delete cascade,
  -- Who asked: a key of one person means nothing in the hand of another.
  actor_id     text not null,
  route        text not null,
  key          text not null check (length(key) between 1 and 255),
  body_hash    text not null,
  state        text not null check (state in ('running', 'done')),
  -- A request whose program died is taken for undone after this instant.
  locked_until timestamptz not null,
  status       integer,
  content_type text,
  body         text,
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  primary key (tenant_id, actor_id, route, key),
  check (state = 'running' or status is not null)
);

create index on idempotency_key (expires_at);

alter table idempotency_key enable row level security;
alter table idempotency_key force row level security;
create policy company on idempotency_key
  using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));

grant select, insert, update, delete on idempotency_key to finops_app;

-- Removes what is too old, of all companies, a bounded number at a time.
create function sweep_idempotency_keys(p_now timestamptz) returns bigint
  language sql security definer set search_path = public, pg_temp as $$
  with old as (
    select tenant_id, actor_id, route, key from idempotency_key where expires_at <= p_now limit 1000 for update skip locked
  ), gone as (
    delete from idempotency_key k using old
    where (k.tenant_id, k.actor_id, k.route, k.key) = (old.tenant_id, old.actor_id, old.route, old.key)
    returning 1
  )
  select count(*) from gone;
$$;

-- The sweep runs as the directory, for no company is set when it looks at all of them.
create policy directory on idempotency_key to finops_directory using (true) with check (true);
grant select, update, delete on idempotency_key to finops_directory;

revoke all on function sweep_idempotency_keys(timestamptz) from public;
grant execute on function sweep_idempotency_keys(timestamptz) to finops_app;

do $$
begin
  grant create on schema public to finops_directory;
  alter function sweep_idempotency_keys(timestamptz) owner to finops_directory;
  revoke create on schema public from finops_directory;
end $$;
