-- What changes while people look: imports, other work, and what is published. One row per thing that changes, moved to a new
-- position with each change, so a reader that was away gets the newest state of everything that it missed, however long it
-- was away, and the table never outgrows the things it tells of. Only the newest state is kept: what happened, and when, stands
-- in the publication log and in the audit.

create table live_event (
  position  bigint not null generated always as identity unique,
  tenant_id uuid not null default current_tenant() references tenant on delete cascade,
  -- What may be read of it is decided by the topic: src/events/topics.ts.
  topic     text not null,
  key       text not null,
  body      jsonb not null,
  at        timestamptz not null default now(),
  primary key (tenant_id, topic, key)
);
create index on live_event (tenant_id, position);

alter table live_event enable row level security;
alter table live_event force row level security;
create policy company on live_event using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
create policy directory on live_event to finops_directory using (true) with check (true);
grant select, insert, update on live_event to finops_app, finops_directory;

-- A reader goes on after the position that it has seen, so within a company no smaller position may appear later: it is taken
-- under a lock that is held to the commit.
create function append_live_event(p_tenant_id uuid, p_topic text, p_key text, p_body jsonb) returns void
  language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('live_event ' || p_tenant_id, 0));
  insert into live_event (tenant_id, topic, key, body, at) values (p_tenant_id, p_topic, p_key, p_body, clock_timestamp())
  on conflict (tenant_id, topic, key) do update
    set position = default, body = excluded.body, at = excluded.at;
  perform pg_notify('live_event', p_tenant_id::text);
end $$;

-- Work is changed by the application, by claims and by what takes work back from the dead, so the table itself tells.
create function tell_work_item() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform append_live_event(
    new.tenant_id,
    case when new.kind in ('import', 'reprocess') then 'import' else 'job' end,
    case when new.kind in ('import', 'reprocess') then coalesce(new.payload->>'importId', new.id::text) else new.id::text end,
    jsonb_build_object('kind', new.kind, 'state', new.state, 'progress', new.progress, 'cancelRequested', new.cancel_requested));
  return null;
end $$;

create function tell_publication() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform append_live_event(
    new.tenant_id, 'published', new.billing_period::text,
    jsonb_build_object('billingPeriod', new.billing_period, 'position', new.position::text, 'kind', new.kind));
  return null;
end $$;

-- Deferred: the lock of the events is the last one that a transaction takes, and is held for its commit alone.
create constraint trigger work_item_queued_live after insert on work_item
  deferrable initially deferred for each row execute function tell_work_item();
create constraint trigger work_item_changed_live after update on work_item
  deferrable initially deferred for each row
  when (old.state is distinct from new.state or old.progress is distinct from new.progress
    or old.cancel_requested is distinct from new.cancel_requested)
  execute function tell_work_item();
create constraint trigger publication_live after insert on publication
  deferrable initially deferred for each row execute function tell_publication();

-- Who may read is asked again as soon as it may have changed; the notice carries the company alone.
create function announce_access_change() returns trigger
  language plpgsql as $$
begin
  perform pg_notify('access_changed', case when tg_op = 'DELETE' then old.tenant_id else new.tenant_id end::text);
  return null;
end $$;

create trigger session_ended after update of ended_at, expires_at or delete on session
  for each row execute function announce_access_change();
create trigger membership_changed after update or delete on membership
  for each row execute function announce_access_change();
create trigger permission_changed after insert or delete on permission
  for each row execute function announce_access_change();
create trigger api_key_revoked after update of revoked_at, expires_at, permissions or delete on api_key
  for each row execute function announce_access_change();

do $$
declare
  routine regprocedure;
begin
  grant create on schema public to finops_directory;
  foreach routine in array array['tell_work_item()'::regprocedure, 'tell_publication()'::regprocedure] loop
    execute format('revoke all on function %s from public', routine);
    execute format('alter function %s owner to finops_directory', routine);
  end loop;
  revoke create on schema public from finops_directory;
end $$;
