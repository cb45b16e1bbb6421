-- Budgets: what costs may come to in each period, every version of that, what people say of it, and how each stands.

create table budget (
  id              uuid not null default gen_random_uuid() primary key,
  tenant_id       uuid not null default current_tenant() references tenant on delete cascade,
  parent_id       uuid,
  name            text not null check (name <> ''),
  -- Filter, measure, currency, periods, amount, rollover, watchers, notes and links: the capability's own.
  definition      jsonb not null,
  version         integer not null default 1 check (version > 0),
  owner_id        text not null,
  owner_name      text not null,
  changed_by_id   text not null,
  changed_by_name text not null,
  created_at      timestamptz not null default now(),
  changed_at      timestamptz not null default now(),
  -- A deleted budget is out of sight; what it was stays with its versions.
  deleted_at      timestamptz,
  unique (tenant_id, id),
  foreign key (tenant_id, parent_id) references budget (tenant_id, id)
);
create index on budget (tenant_id, name, id) where deleted_at is null;
create index on budget (tenant_id, parent_id);

-- What each change left behind, and why it was made. Append-only.
create table budget_version (
  tenant_id       uuid not null default current_tenant() references tenant on delete cascade,
  budget_id       uuid not null,
  version         integer not null,
  parent_id       uuid,
  name            text not null,
  definition      jsonb not null,
  owner_id        text not null,
  owner_name      text not null,
  reason          text not null default '',
  changed_by_id   text not null,
  changed_by_name text not null,
  changed_at      timestamptz not null,
  primary key (tenant_id, budget_id, version),
  foreign key (tenant_id, budget_id) references budget (tenant_id, id) on delete cascade
);

-- What people say of it. Append-only.
create table budget_comment (
  id          uuid not null default gen_random_uuid() primary key,
  tenant_id   uuid not null default current_tenant() references tenant on delete cascade,
  budget_id   uuid not null,
  text        text not null check (text <> ''),
  author_id   text not null,
  author_name text not null,
  written_at  timestamptz not null default now(),
  foreign key (tenant_id, budget_id) references budget (tenant_id, id) on delete cascade
);
create index on budget_comment (tenant_id, budget_id, id);

-- How a budget stands in each of its periods, as it was worked out last, and on the last day before that.
create table budget_standing (
  tenant_id    uuid not null default current_tenant() references tenant on delete cascade,
  budget_id    uuid not null,
  period_start date not null,
  period_end   date not null,
  state        text not null,
  standing     jsonb not null,
  earlier      jsonb,
  -- The day in the company's time zone, the data set and the version of the budget that it is of.
  day          date not null,
  position     bigint not null,
  version      integer not null,
  evaluated_at timestamptz not null,
  primary key (tenant_id, budget_id, period_start),
  foreign key (tenant_id, budget_id) references budget (tenant_id, id) on delete cascade
);

-- When a budget came into another state: what alerts are made of. Append-only.
create table budget_state_change (
  id           uuid not null default gen_random_uuid() primary key,
  tenant_id    uuid not null default current_tenant() references tenant on delete cascade,
  budget_id    uuid not null,
  period_start date not null,
  period_end   date not null,
  state_before text,
  state        text not null,
  day          date not null,
  position     bigint not null,
  at           timestamptz not null,
  foreign key (tenant_id, budget_id) references budget (tenant_id, id) on delete cascade
);
create index on budget_state_change (tenant_id, budget_id, id);

do $$
declare
  name text;
begin
  foreach name in array array['budget', 'budget_version', 'budget_comment', 'budget_standing', 'budget_state_change'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy company on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))',
      name);
  end loop;
end $$;
grant select, insert, update on budget, budget_standing to finops_app;
grant select, insert on budget_version, budget_comment, budget_state_change to finops_app;

-- Has a company's budgets worked out again, once however often it is asked for before that is begun. What runs already may have
-- read what was there before, so only work that waits counts.
create function ask_for_budgets(p_tenant_id uuid) returns void
  language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('budgets ' || p_tenant_id, 0));
  if exists (select from budget where tenant_id = p_tenant_id and deleted_at is null)
      and not exists (select from work_item
                      where tenant_id = p_tenant_id and kind = 'evaluate-budgets' and state = 'queued') then
    insert into work_item (tenant_id, kind, payload, pool) values (p_tenant_id, 'evaluate-budgets', '{}', 'budgets');
  end if;
end $$;

create function ask_for_budgets_of_publication() returns trigger
  language plpgsql as $$
begin
  perform ask_for_budgets(new.tenant_id);
  return null;
end $$;

-- In the transaction of the publication: whatever is published is followed by its figures. At once, so that this lock is taken
-- before that of the live events, as everywhere.
create trigger publication_budgets after insert on publication
  for each row execute function ask_for_budgets_of_publication();
