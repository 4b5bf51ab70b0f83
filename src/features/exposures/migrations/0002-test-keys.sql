-- Exposure keys that this server made up for tests, origin 'test'; times are Unix seconds.

-- costs nothing where there are none
create index exposure_test on exposure (key_data) where origin = 'test';

-- Revisions of such keys that are still to come, in records of 24 bytes.
create table planned_revision (
  id bigint generated always as identity primary key,
  due_at bigint not null,
  records bytea not null
);
