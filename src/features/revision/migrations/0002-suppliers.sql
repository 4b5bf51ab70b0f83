-- Token keys are handed over by suppliers; each source was one supplier of the same number.
alter table token_key rename column source_id to supplier_id;
