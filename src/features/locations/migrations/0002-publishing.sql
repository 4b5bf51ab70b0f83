-- How the last attempt to publish each index ended; times are Unix seconds.

-- when the index was last found, or made, as it should be
alter table location add column index_checked_at bigint;
-- the failure of the last attempt; null when it succeeded
alter table location add column failed_at bigint;
alter table location add column failure_code text;
alter table location add column failure_message text;
