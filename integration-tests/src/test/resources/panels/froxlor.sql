-- The columns and keys of Froxlor 2's tables that concern mail domains, as its froxlor.sql.php makes them.
CREATE TABLE panel_customers (
  customerid int(11) unsigned NOT NULL auto_increment, loginname varchar(50) NOT NULL, password varchar(255) NOT NULL default '',
  adminid int(11) unsigned NOT NULL default 0, name varchar(255) NOT NULL default '', company varchar(255) NOT NULL default '',
  deactivated tinyint(1) NOT NULL default 0, PRIMARY KEY (customerid), UNIQUE KEY loginname (loginname)
) ENGINE=InnoDB CHARSET=utf8mb3 COLLATE=utf8mb3_general_ci ROW_FORMAT=DYNAMIC;
CREATE TABLE panel_domains (
  id int(11) unsigned NOT NULL auto_increment, domain varchar(255) NOT NULL, domain_ace varchar(255) NOT NULL default '',
  adminid int(11) unsigned NOT NULL default 0, customerid int(11) unsigned NOT NULL default 0, aliasdomain int(11) unsigned NULL,
  documentroot varchar(255) NOT NULL default '', isbinddomain tinyint(1) NOT NULL default 0,
  isemaildomain tinyint(1) NOT NULL default 0, email_only tinyint(1) NOT NULL default 0,
  iswildcarddomain tinyint(1) NOT NULL default 1, subcanemaildomain tinyint(1) NOT NULL default 0,
  parentdomainid int(11) NOT NULL default 0, deactivated tinyint(1) NOT NULL default 0,
  bindserial varchar(10) NOT NULL default '2000010100', add_date int(11) NOT NULL default 0, PRIMARY KEY (id),
  KEY customerid (customerid), KEY parentdomain (parentdomainid), KEY domain (domain)
) ENGINE=InnoDB CHARSET=utf8mb3 COLLATE=utf8mb3_general_ci ROW_FORMAT=DYNAMIC;
INSERT INTO panel_customers (customerid, loginname) VALUES (1, 'contoso'), (2, 'fabrikam');
