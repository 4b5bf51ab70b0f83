-- An end is a state: a server is followed until everything that it listed at its end is settled; times are Unix seconds.

-- the first look at the listing, at or after the end, that was good
alter table upstream add column final_look_at bigint;
alter table upstream add column ended_at bigint;
-- why an operator ended it with something left; null: nothing was left
alter table upstream add column given_up text;
