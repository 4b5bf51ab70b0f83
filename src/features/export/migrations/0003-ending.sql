-- An export that ends goes on until the keys that run at its end are exported; times are Unix seconds.

-- they are all released before this instant; null: its end has not come, or nobody has looked yet
alter table export_config add column ending_until bigint;
-- why an operator ended it with something left; null: nothing was left
alter table export_config add column given_up text;
