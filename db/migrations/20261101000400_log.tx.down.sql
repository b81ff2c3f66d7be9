drop table counters;
drop table standings;
drop table activities;
drop table outbox;
drop table heads;
drop table epoch;
