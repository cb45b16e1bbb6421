-- Views of costs that people keep. A private one is its owner's alone, which the service holds; the policy holds the company.

create table saved_view (
  id              uuid not null default gen_random_uuid() primary key,
  tenant_id       uuid not null default current_tenant() references tenant on delete cascade,
  name            text not null check (name <> ''),
  description     text not null default '',
  view            jsonb not null,
  visibility      text not null check (visibility in ('private', 'company')),
  version         integer not null default 1 check (version > 0),
  owner_id        text not null,
  owner_name      text not null,
  changed_by_id   text not null,
  changed_by_name text not null,
  created_at      timestamptz not null default now(),
  changed_at      timestamptz not null default now(),
  -- A deleted view is out of sight; what it was stays with its versions.
  deleted_at      timestamptz,
  unique (tenant_id, id)
);

create index on saved_view (tenant_id, name) where deleted_at is null;

-- What each change left behind, the first included. Append-only.
create table saved_view_version (
  tenant_id       uuid not null default current_tenant() references tenant on delete cascade,
  view_id         uuid not null,
  version         integer not null,
  name            text not null,
  description     text not null,
  view            jsonb not null,
  visibility      text not null,
  changed_by_id   text not null,
  changed_by_name text not null,
  changed_at      timestamptz not null,
  primary key (tenant_id, view_id, version),
  foreign key (tenant_id, view_id) references saved_view (tenant_id, id) on delete cascade
);

-- What one person wants of a view. The person is an actor's id, which may be a key's.
create table view_preference (
  tenant_id  uuid not null default current_tenant() references tenant on delete cascade,
  person_id  text not null,
  view_id    uuid not null,
  is_pinned  boolean not null default false,
  is_default boolean not null default false,
  primary key (tenant_id, person_id, view_id),
  foreign key (tenant_id, view_id) references saved_view (tenant_id, id) on delete cascade
);

create index on view_preference (tenant_id, view_id);
create unique index view_preference_one_default on view_preference (tenant_id, person_id) where is_default;

do $$
declare
  name text;
begin
  foreach name in array array['saved_view', 'saved_view_version', 'view_preference'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy company on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))',
      name);
  end loop;
end $$;

grant select, insert, update on saved_view to finops_app;
grant select, insert on saved_view_version to finops_app;
grant select, insert, update, delete on view_preference to finops_app;
