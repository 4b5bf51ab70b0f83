-- How far a mirror is behind its source; times are Unix seconds.

-- when the source's index was last read and believed
alter table mirror add column listed_at bigint;
-- the newest end of a window that the names of its lines tell; null where they tell none
alter table mirror add column listed_end_at bigint;
-- where next_position stands once everything is taken that was listed then
alter table mirror add column target_position bigint;
