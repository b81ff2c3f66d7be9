drop table private.flags;
alter table attendances drop column proof;
alter table events drop column printed_generation;
