-- The columns and keys of iRedMail's tables, as its iredmail.mysql makes them.
CREATE TABLE domain (
  domain VARCHAR(255) NOT NULL DEFAULT '', description TEXT, disclaimer TEXT, aliases INT(10) NOT NULL DEFAULT 0,
  mailboxes INT(10) NOT NULL DEFAULT 0, maillists INT(10) NOT NULL DEFAULT 0, maxquota BIGINT(20) NOT NULL DEFAULT 0,
  quota BIGINT(20) NOT NULL DEFAULT 0, transport VARCHAR(255) NOT NULL DEFAULT 'dovecot', backupmx TINYINT(1) NOT NULL DEFAULT 0,
  settings TEXT, created DATETIME NOT NULL DEFAULT '1970-01-01 01:01:01', modified DATETIME NOT NULL DEFAULT '1970-01-01 01:01:01',
  expired DATETIME NOT NULL DEFAULT '9999-12-31 00:00:00', active TINYINT(1) NOT NULL DEFAULT 1, PRIMARY KEY (domain),
  INDEX (backupmx), INDEX (expired), INDEX (active)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE alias_domain (
  alias_domain VARCHAR(255) NOT NULL, target_domain VARCHAR(255) NOT NULL, created DATETIME NOT NULL DEFAULT '1970-01-01 01:01:01',
  modified DATETIME NOT NULL DEFAULT '1970-01-01 01:01:01', active TINYINT(1) NOT NULL DEFAULT 1, PRIMARY KEY (alias_domain),
  INDEX (target_domain), INDEX (active)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
