drop table private.audit;
drop table private.receipts;
