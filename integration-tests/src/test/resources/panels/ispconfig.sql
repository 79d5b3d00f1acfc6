-- The columns and keys of ISPConfig 3.2's tables, as its ispconfig3.sql makes them; of client only some columns.
CREATE TABLE client (
  client_id int(11) unsigned NOT NULL auto_increment, sys_userid int(11) unsigned NOT NULL default 0,
  sys_groupid int(11) unsigned NOT NULL default 0, company_name varchar(64) default NULL, customer_no varchar(64) default NULL,
  username varchar(64) default NULL, locked enum('n','y') NOT NULL DEFAULT 'n', PRIMARY KEY (client_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE sys_group (
  groupid int(11) unsigned NOT NULL auto_increment, name varchar(64) NOT NULL default '', description text,
  client_id int(11) unsigned NOT NULL default 0, PRIMARY KEY (groupid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE mail_domain (
  domain_id int(11) unsigned NOT NULL auto_increment, sys_userid int(11) unsigned NOT NULL default 0,
  sys_groupid int(11) unsigned NOT NULL default 0, sys_perm_user varchar(5) NOT NULL default '',
  sys_perm_group varchar(5) NOT NULL default '', sys_perm_other varchar(5) NOT NULL default '',
  server_id int(11) unsigned NOT NULL default 0, domain varchar(255) NOT NULL default '',
  dkim enum('n','y') NOT NULL default 'n', dkim_selector varchar(63) NOT NULL DEFAULT 'default', dkim_private mediumtext,
  dkim_public mediumtext, relay_host varchar(255) NOT NULL DEFAULT '', relay_user varchar(255) NOT NULL DEFAULT '',
  relay_pass varchar(255) NOT NULL DEFAULT '', active enum('n','y') NOT NULL DEFAULT 'n',
  local_delivery enum('n','y') NOT NULL DEFAULT 'y', PRIMARY KEY (domain_id), KEY server_id (server_id, domain),
  KEY domain_active (domain, active)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE mail_relay_domain (
  relay_domain_id bigint(20) NOT NULL AUTO_INCREMENT, sys_userid int(11) NOT NULL DEFAULT 0, sys_groupid int(11) NOT NULL DEFAULT 0,
  sys_perm_user varchar(5) DEFAULT NULL, sys_perm_group varchar(5) DEFAULT NULL, sys_perm_other varchar(5) DEFAULT NULL,
  server_id int(11) NOT NULL DEFAULT 0, domain varchar(255) DEFAULT NULL, access varchar(255) NOT NULL DEFAULT 'OK',
  active varchar(255) NOT NULL DEFAULT 'y', PRIMARY KEY (relay_domain_id), UNIQUE KEY domain (domain, server_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO client (client_id, username) VALUES (1, 'contoso'), (2, 'fabrikam');
INSERT INTO sys_group (groupid, name, client_id) VALUES (1, 'admin', 0), (2, 'contoso', 1), (3, 'fabrikam', 2);
