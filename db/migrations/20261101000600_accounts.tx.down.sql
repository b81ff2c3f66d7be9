drop table private.mails;
drop table private.sessions;
drop table private.sign_in_links;
drop table private.accounts;
drop schema private;
