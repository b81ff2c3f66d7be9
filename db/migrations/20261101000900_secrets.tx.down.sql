drop table private.secrets;
