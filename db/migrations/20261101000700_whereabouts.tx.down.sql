drop table private.whereabouts;
