-- Unit metrics: what a company counts of its business, such as customers or orders, month by month. Costs are divided by them,
-- and the limits of budgets follow them.

create table unit_metric (
  id              uuid not null default gen_random_uuid() primary key,
  tenant_id       uuid not null default current_tenant() references tenant on delete cascade,
  name            text not null check (name <> ''),
  about           text not null default '',
  -- "order" and "orders".
  unit_one        text not null check (unit_one <> ''),
  unit_many       text not null check (unit_many <> ''),
  -- The months of a total add up; a level of several months is their mean.
  aggregation     text not null check (aggregation in ('total', 'level')),
  -- The costs that are divided by it; null is all of the company's.
  filter          jsonb,
  version         integer not null default 1 check (version > 0),
  owner_id        text not null,
  owner_name      text not null,
  changed_by_id   text not null,
  changed_by_name text not null,
  created_at      timestamptz not null default now(),
  changed_at      timestamptz not null default now(),
  -- A deleted metric is out of sight; its values stay, as the budgets that followed it do.
  deleted_at      timestamptz,
  unique (tenant_id, id)
);
create index on unit_metric (tenant_id, name, id) where deleted_at is null;

-- What was written of each month, and by whom; the one with the highest version counts. Append-only.
create table unit_metric_value (
  tenant_id       uuid not null default current_tenant() references tenant on delete cascade,
  metric_id       uuid not null,
  month           date not null check (extract(day from month) = 1),
  -- The version of the metric that it made.
  version         integer not null,
  -- Null where the value was taken away.
  quantity        text check (quantity ~ '^[0-9]{1,15}([.][0-9]{1,8})?$'),
  kind            text not null check (kind in ('actual', 'planned')),
  changed_by_id   text not null,
  changed_by_name text not null,
  changed_at      timestamptz not null,
  primary key (tenant_id, metric_id, month, version),
  foreign key (tenant_id, metric_id) references unit_metric (tenant_id, id) on delete cascade
);

alter table unit_metric enable row level security;
alter table unit_metric force row level security;
create policy company on unit_metric
  using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
grant select, insert, update on unit_metric to finops_app;

alter table unit_metric_value enable row level security;
alter table unit_metric_value force row level security;
create policy company on unit_metric_value
  using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
grant select, insert on unit_metric_value to finops_app;

-- Whatever changes of a metric, its values too, is another version of it: the budgets that follow it are worked out again.
create function ask_for_budgets_of_metric() returns trigger
  language plpgsql as $$
begin
  if exists (select from budget where tenant_id = new.tenant_id and deleted_at is null
             and definition -> 'amount' ->> 'metricId' = new.id::text) then
    perform ask_for_budgets(new.tenant_id);
  end if;
  return null;
end $$;
create trigger unit_metric_budgets after update on unit_metric
  for each row execute function ask_for_budgets_of_metric();
