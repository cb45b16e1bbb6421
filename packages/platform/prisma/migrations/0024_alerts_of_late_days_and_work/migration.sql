-- The last day of bills that a rule of alerts was looked at for: of days that come in together, none is left out.
alter table alert_rule add column judged_until date;

-- Work that failed is told of, and that it went well again; alerts' own work tells of itself.
create function ask_for_alerts_of_work() returns trigger
  language plpgsql as $$
begin
  if new.state = 'failed' or 'failed' = (
      select state from work_item
      where tenant_id = new.tenant_id and kind = new.kind and id <> new.id and state in ('done', 'failed')
      order by finished_at desc nulls last, id desc limit 1) then
    perform ask_for_alerts(new.tenant_id);
  end if;
  return null;
end $$;
create trigger work_ended_alerts after update of state on work_item
  for each row when (new.kind not in ('import', 'reprocess', 'evaluate-alerts', 'tell-alerts', 'deliver-alerts')
    and new.state in ('done', 'failed') and old.state <> new.state)
  execute function ask_for_alerts_of_work();
-- A key that is made, revoked or given another end.
create trigger credential_alerts after insert or update of expires_at, revoked_at on api_key
  for each row when (new.expires_at is not null) execute function ask_for_alerts_of_row();
