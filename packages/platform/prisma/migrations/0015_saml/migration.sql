-- A company signs in with a SAML provider as well as with OpenID providers.
alter table identity_provider drop constraint identity_provider_kind_check;
alter table identity_provider add constraint identity_provider_kind_check
  check (kind in ('oidc', 'google', 'microsoft', 'saml'));
-- Where the browser goes with a request, and what answers are signed with, of now and of soon: [{pem, fingerprint, endsAt}].
alter table identity_provider add column sign_in_url text;
alter table identity_provider add column certificates jsonb not null default '[]';
-- A SAML provider knows this installation by its own address, not by an id that it gave out.
alter table identity_provider alter column client_id drop not null;
alter table identity_provider add check ((kind = 'saml') = (client_id is null) and (kind = 'saml') = (sign_in_url is not null));

-- An assertion that was taken, so that none is taken twice, until it is too old anyway.
create table taken_assertion (
  tenant_id      uuid not null default current_tenant() references tenant on delete cascade,
  -- SHA-256 of the provider's entity id and the assertion's own.
  assertion_hash text not null,
  ends_at        timestamptz not null,
  primary key (tenant_id, assertion_hash)
);
create index on taken_assertion (tenant_id, ends_at);
alter table taken_assertion enable row level security;
alter table taken_assertion force row level security;
create policy company on taken_assertion
  using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
grant select, insert, update, delete on taken_assertion to finops_app;
