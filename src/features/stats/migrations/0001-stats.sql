-- What each health authority's uploads of one hour amount to; never who uploaded what.
create table upload_statistics (
  authority_id bigint not null,
  hour_at bigint not null,
  unknown_count bigint not null,
  android_count bigint not null,
  ios_count bigint not null,
  key_count bigint not null,
  revision_count bigint not null,
  missing_onset_count bigint not null,
  -- Uploads by the age of their oldest key in days, the last for all that are older.
  key_age_counts bigint[] not null check (cardinality(key_age_counts) = 16),
  -- Uploads by the days from onset to upload, the last for all that are longer.
  onset_counts bigint[] not null check (cardinality(onset_counts) = 30),
  primary key (authority_id, hour_at)
);
