-- What processes that rely on their clocks have recorded, so that the next one knows what to expect; times are Unix seconds.
create table clock_state (
  only_row boolean primary key default true check (only_row),
  -- the time of the process that recorded last; null: none has
  seen_at bigint,
  seen_by text,
  -- raised by every record, so that others see that a process records at present
  records bigint not null default 0,
  -- what the clock of a process said at the moment when an operator called it right
  confirmed_at bigint,
  confirmed_by text
);
insert into clock_state (only_row) values (true);
