-- Budgets of a unit or a saved view follow these: their scope is resolved anew when one of them changes.

create function ask_for_scoped_budgets(p_tenant_id uuid, p_kind text) returns void
  language plpgsql as $$
begin
  -- A company that is deleted takes its units along, and has no work any more.
  if exists (select from tenant where id = p_tenant_id)
      and exists (select from budget where tenant_id = p_tenant_id and deleted_at is null
                  and definition -> 'scope' ->> 'kind' = p_kind) then
    perform ask_for_budgets(p_tenant_id);
  end if;
end $$;

create function ask_for_budgets_of_units() returns trigger
  language plpgsql as $$
begin
  perform ask_for_scoped_budgets(changed.tenant_id, 'unit') from (select distinct tenant_id from touched) changed;
  return null;
end $$;

create function ask_for_budgets_of_view() returns trigger
  language plpgsql as $$
begin
  perform ask_for_scoped_budgets(new.tenant_id, 'view');
  return null;
end $$;

create trigger unit_account_added_budgets after insert on unit_account
  referencing new table as touched for each statement execute function ask_for_budgets_of_units();
create trigger unit_account_removed_budgets after delete on unit_account
  referencing old table as touched for each statement execute function ask_for_budgets_of_units();
create trigger unit_moved_budgets after update on unit
  referencing new table as touched for each statement execute function ask_for_budgets_of_units();
create trigger saved_view_budgets after update on saved_view
  for each row execute function ask_for_budgets_of_view();

-- Shapes of budgets that a company keeps for making others.
create table budget_template (
  id         uuid not null default gen_random_uuid() primary key,
  tenant_id  uuid not null default current_tenant() references tenant on delete cascade,
  name       text not null check (name <> ''),
  about      text not null default '',
  -- Measure, length, amount, rollover, notes and links: the capability's own.
  shape      jsonb not null,
  owner_id   text not null,
  owner_name text not null,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  unique (tenant_id, id)
);
create index on budget_template (tenant_id, name, id) where deleted_at is null;

alter table budget_template enable row level security;
alter table budget_template force row level security;
create policy company on budget_template
  using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
grant select, insert, update on budget_template to finops_app;

-- What people are told of budgets in the application: that somebody mentioned them, and what becomes of a budget that they
-- watch. It is gone once they have seen it.
create table budget_notice (
  id        uuid not null default gen_random_uuid() primary key,
  tenant_id uuid not null default current_tenant() references tenant on delete cascade,
  budget_id uuid not null,
  person_id uuid not null,
  kind      text not null check (kind in ('mention', 'state', 'version')),
  text      text not null,
  by_name   text not null,
  at        timestamptz not null default now(),
  foreign key (tenant_id, budget_id) references budget (tenant_id, id) on delete cascade
);
create index on budget_notice (tenant_id, person_id, id);
create index on budget_notice (tenant_id, budget_id, kind);

alter table budget_notice enable row level security;
alter table budget_notice force row level security;
create policy company on budget_notice
  using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
grant select, insert, delete on budget_notice to finops_app;
