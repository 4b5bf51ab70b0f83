-- An archive that an operator wants skipped waits for nothing.

alter table import_archive drop constraint import_archive_state_check;
alter table import_archive add constraint import_archive_state_check
  check (state in ('open', 'leased', 'retry', 'complete', 'quarantined', 'skipped'));
