-- What a request asked for is found again in the work that it queued, whichever statement or trigger queued it.
alter table work_item
  add column request_id  text default nullif(current_setting('app.request_id', true), ''),
  add column traceparent text default nullif(current_setting('app.traceparent', true), '');

-- What waits and what runs, of all companies together: for those who look after the installation.
create function queue_state() returns table (pool text, kind text, state text, items bigint, oldest_s double precision)
  language sql stable security definer set search_path = public, pg_temp as $$
  select w.pool, w.kind, w.state, count(*), extract(epoch from clock_timestamp() - min(w.created_at))::double precision
  from work_item w where w.state in ('queued', 'running') group by w.pool, w.kind, w.state
$$;

-- The same of messages that are to be delivered, or could not be.
create function outbox_state() returns table (state text, items bigint, oldest_s double precision)
  language sql stable security definer set search_path = public, pg_temp as $$
  select d.state, count(*), extract(epoch from clock_timestamp() - min(d.created_at))::double precision
  from alert_delivery d where d.state in ('queued', 'dead') group by d.state
$$;

create index work_item_unfinished on work_item (state) where state in ('queued', 'running');
create index alert_delivery_unsent on alert_delivery (state) where state in ('queued', 'dead');

do $$
declare
  routine regprocedure;
begin
  grant create on schema public to finops_directory;
  foreach routine in array array['queue_state()'::regprocedure, 'outbox_state()'::regprocedure] loop
    execute format('revoke all on function %s from public', routine);
    execute format('grant execute on function %s to finops_app', routine);
    execute format('alter function %s owner to finops_directory', routine);
  end loop;
  revoke create on schema public from finops_directory;
end $$;
