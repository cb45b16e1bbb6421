-- Since when nobody may begin to read a state that is no longer kept. Who began before goes on: its rows stay for another day.
alter table generation add column dropped_at timestamptz;
