-- Keys belong to suppliers, the servers of organisations, and no longer to single sources; each source was one supplier.

-- who owns it besides its first uploader, or in that one's place; null: nobody
alter table exposure rename column source_id to supplier_id;
-- those that brought it too, as their own
alter table exposure add column further_suppliers bigint[];
-- true: the values in force are the word of somebody who does not own it
alter table exposure add column is_claimants_word boolean;

alter table awaited_revision rename column source_id to supplier_id;
