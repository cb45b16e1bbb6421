-- What people make and keep beside figures: dashboards and reports. `content` is the capability's own; who sees it is held by
-- the service, the company by the policy.

create table document (
  id              uuid not null default gen_random_uuid() primary key,
  tenant_id       uuid not null default current_tenant() references tenant on delete cascade,
  kind            text not null check (kind in ('dashboard', 'report')),
  name            text not null check (name <> ''),
  description     text not null default '',
  content         jsonb not null,
  sharing         jsonb not null,
  version         integer not null default 1 check (version > 0),
  owner_id        text not null,
  owner_name      text not null,
  changed_by_id   text not null,
  changed_by_name text not null,
  created_at      timestamptz not null default now(),
  changed_at      timestamptz not null default now(),
  -- A deleted document is out of sight; what it was stays with its versions, and with the runs of a report.
  deleted_at      timestamptz,
  unique (tenant_id, id)
);

create index on document (tenant_id, kind, name) where deleted_at is null;

-- What each change left behind, the first included. Append-only.
create table document_version (
  tenant_id       uuid not null default current_tenant() references tenant on delete cascade,
  document_id     uuid not null,
  version         integer not null,
  name            text not null,
  description     text not null,
  content         jsonb not null,
  changed_by_id   text not null,
  changed_by_name text not null,
  changed_at      timestamptz not null,
  primary key (tenant_id, document_id, version),
  foreign key (tenant_id, document_id) references document (tenant_id, id) on delete cascade
);

-- A report as it was told on a day: the figures stand in it and never change again. Append-only.
create table report_run (
  id           uuid not null default gen_random_uuid() primary key,
  tenant_id    uuid not null default current_tenant() references tenant on delete cascade,
  document_id  uuid not null,
  number       integer not null check (number > 0),
  name         text not null,
  content      jsonb not null,
  -- Where the publication log stood when it was told.
  position     bigint not null,
  ran_by_id    text not null,
  ran_by_name  text not null,
  ran_at       timestamptz not null default now(),
  unique (tenant_id, document_id, number),
  foreign key (tenant_id, document_id) references document (tenant_id, id) on delete cascade
);

do $$
declare
  name text;
begin
  foreach name in array array['document', 'document_version', 'report_run'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy company on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))',
      name);
  end loop;
end $$;

grant select, insert, update on document to finops_app;
grant select, insert on document_version, report_run to finops_app;
