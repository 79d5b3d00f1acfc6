-- The columns and keys of PostfixAdmin 4's tables, as its upgrade.php makes them in PostgreSQL.
CREATE TABLE domain (
  domain character varying(255) NOT NULL, description character varying(255) NOT NULL DEFAULT '', aliases integer NOT NULL DEFAULT 0,
  mailboxes integer NOT NULL DEFAULT 0, maxquota bigint NOT NULL DEFAULT 0, quota bigint NOT NULL DEFAULT 0,
  transport character varying(255) DEFAULT NULL, backupmx boolean NOT NULL DEFAULT false, created timestamp with time zone DEFAULT now(),
  modified timestamp with time zone DEFAULT now(), active boolean NOT NULL DEFAULT true, password_expiry int DEFAULT 0,
  CONSTRAINT domain_key PRIMARY KEY (domain)
);
CREATE INDEX domain_domain_active ON domain (domain, active);
CREATE TABLE alias_domain (
  alias_domain character varying(255) NOT NULL REFERENCES domain (domain) ON DELETE CASCADE,
  target_domain character varying(255) NOT NULL REFERENCES domain (domain) ON DELETE CASCADE,
  created timestamp with time zone DEFAULT now(), modified timestamp with time zone DEFAULT now(), active boolean NOT NULL DEFAULT true,
  PRIMARY KEY (alias_domain)
);
CREATE INDEX alias_domain_active ON alias_domain (alias_domain, active);
INSERT INTO domain (domain, active) VALUES ('ALL', true);
