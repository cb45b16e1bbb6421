-- From which country somebody signed in, where a trusted proxy says it.
alter table session add column country text check (country ~ '^[A-Z]{2}$');
