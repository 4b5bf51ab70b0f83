-- Lines that were passed by are skips of the server that is followed; what waits is kept by line.

insert into upstream_skip (upstream_id, line, reason, skipped_at)
select upstream_id, line, passed_by, taken_at
from mirror_archive join mirror on mirror.id = mirror_id
where passed_by <> ''
order by mirror_id, position;

-- what was handed over is counted without gaps
update mirror set next_position = next_position - passed.lines, target_position = target_position - passed.lines
from (
  select mirror_id, count(*) as lines from mirror_archive where passed_by is not null group by mirror_id
) passed
where passed.mirror_id = mirror.id;
update mirror_archive kept set position = -(
  kept.position - (
    select count(*) from mirror_archive passed
    where passed.mirror_id = kept.mirror_id and passed.passed_by is not null and passed.position < kept.position
  )
)
where passed_by is null;
delete from mirror_archive where passed_by is not null;
update mirror_archive set position = -position;
alter table mirror_archive drop column passed_by;

create table mirror_line (
  mirror_id bigint not null references mirror,
  line text not null,
  -- in the last listing
  place integer not null,
  primary key (mirror_id, line)
);
