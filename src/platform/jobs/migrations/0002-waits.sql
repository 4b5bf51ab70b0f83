-- Why a job was not begun when it was due last, and since when; null: it was begun.
alter table job_state add column waits_for text;
alter table job_state add column waits_since_at bigint;
