-- A donor may object to being named in the yearly report to the tax agency.
alter table donor add column opposed_at text;
