-- How the last runs of each job went, for people and alarms; the queue itself is the job library's.
create table job_state (
  name text primary key,
  every_seconds integer not null,
  is_running boolean not null default false,
  last_started_at bigint,
  last_ended_at bigint,
  last_succeeded_at bigint,
  -- Of the last run that ended: null when it succeeded.
  last_code text,
  last_message text,
  runs bigint not null default 0,
  failures bigint not null default 0
);
