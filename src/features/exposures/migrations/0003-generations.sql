-- Saves lock the generation of the release horizon in which they begin; each closing of windows begins a new one.
alter table release_horizon
  add column generation bigint not null default 1,
  -- of this generation and those before it no save is under way any more
  add column drained_generation bigint not null default 0;
