-- What a person is told in the application, whatever it is about: one inbox for all of it.

-- The person whose notices a transaction may touch; without one it sees none.
create function current_person() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('app.person_id', true), '')::uuid;

create table notice (
  id         uuid not null default gen_random_uuid() primary key,
  tenant_id  uuid not null default current_tenant() references tenant on delete cascade,
  person_id  uuid not null,
  kind       text not null check (kind in ('mention', 'state', 'version', 'called', 'over', 'approval')),
  -- What it is about.
  budget_id  uuid,
  alert_id   uuid,
  request_id uuid,
  text       text not null,
  by_name    text not null,
  at         timestamptz not null,
  read_at    timestamptz,
  check (num_nonnulls(budget_id, alert_id, request_id) = 1),
  foreign key (tenant_id, budget_id) references budget (tenant_id, id) on delete cascade,
  foreign key (tenant_id, alert_id) references alert (tenant_id, id) on delete cascade,
  foreign key (tenant_id, request_id) references change_request (tenant_id, id) on delete cascade
);

-- Whoever migrates may be no superuser, and belongs to no company.
alter table budget_notice no force row level security;
insert into notice (id, tenant_id, person_id, kind, budget_id, text, by_name, at)
  select id, tenant_id, person_id, kind, budget_id, text, by_name, at from budget_notice;
drop table budget_notice;

create index on notice (tenant_id, person_id, id);
create index on notice (tenant_id, budget_id);
create index on notice (tenant_id, alert_id);
create index on notice (tenant_id, request_id);

alter table notice enable row level security;
alter table notice force row level security;
create policy person on notice
  using (tenant_id = (select current_tenant()) and person_id = (select current_person()))
  with check (tenant_id = (select current_tenant()) and person_id = (select current_person()));
grant select, insert, update, delete on notice to finops_app;
