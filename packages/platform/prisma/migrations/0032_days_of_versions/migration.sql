-- Which days a version has usage of: what a bill lacks is seen before somebody takes it for savings.
alter table dataset_version add column days jsonb;
