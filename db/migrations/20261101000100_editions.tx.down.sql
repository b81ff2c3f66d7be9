drop table edition_themes;
drop table editions;
