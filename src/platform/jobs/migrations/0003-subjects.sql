-- How each subject of a job is doing, such as each source of an import; '' is the job as a whole.
alter table job_state add column subject text not null default '';
alter table job_state drop constraint job_state_pkey;
alter table job_state add primary key (name, subject);
-- When its first run was asked for; of subjects only.
alter table job_state add column first_asked_at bigint;
