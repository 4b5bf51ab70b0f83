-- Archives that their server withdrew: listed once, and gone before their time.

create table mirror_loss (
  mirror_id bigint not null references mirror,
  line text not null,
  -- whether the mirror had it before: then its source is not believed until the loss is accepted
  was_taken boolean not null,
  noticed_at bigint not null,
  -- null: nobody has accepted it yet
  accepted_at bigint,
  -- name of a principal
  accepted_by text,
  reason text,
  primary key (mirror_id, line)
);
