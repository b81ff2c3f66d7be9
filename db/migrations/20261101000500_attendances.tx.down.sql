drop table attendances;
