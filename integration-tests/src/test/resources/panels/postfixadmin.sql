-- The columns and keys of PostfixAdmin 3.3's tables, as its upgrade.php makes them.
CREATE TABLE domain (
  domain varchar(255) NOT NULL, description varchar(255) CHARACTER SET utf8mb3 NOT NULL DEFAULT '',
  aliases int(10) NOT NULL DEFAULT 0, mailboxes int(10) NOT NULL DEFAULT 0, maxquota bigint(20) NOT NULL DEFAULT 0,
  quota bigint(20) NOT NULL DEFAULT 0, transport varchar(255) NOT NULL DEFAULT '', backupmx tinyint(1) NOT NULL DEFAULT 0,
  created datetime NOT NULL DEFAULT '2000-01-01 00:00:00', modified datetime NOT NULL DEFAULT '2000-01-01 00:00:00',
  active tinyint(1) NOT NULL DEFAULT 1, password_expiry int(11) DEFAULT 0, PRIMARY KEY (domain)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_general_ci;
CREATE TABLE alias_domain (
  alias_domain varchar(255) NOT NULL DEFAULT '', target_domain varchar(255) NOT NULL DEFAULT '',
  created datetime NOT NULL DEFAULT '2000-01-01 00:00:00', modified datetime NOT NULL DEFAULT '2000-01-01 00:00:00',
  active tinyint(1) NOT NULL DEFAULT 1, PRIMARY KEY (alias_domain), KEY active (active), KEY target_domain (target_domain)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_general_ci;
INSERT INTO domain (domain, active) VALUES ('ALL', 1);
