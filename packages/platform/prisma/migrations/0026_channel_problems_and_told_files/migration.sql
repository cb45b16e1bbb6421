-- Why the last attempt to deliver by a channel failed; null again once something arrived.
alter table alert_channel add column problem text;

-- What a run told that was too large for a mail, as it is asked for again by a link.
alter table schedule_run add column files jsonb;
