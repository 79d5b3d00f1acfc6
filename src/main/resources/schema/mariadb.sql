-- Customers for OrgMilter in MariaDB 10.5 or MySQL 8.0.16, or newer. See docs/directory-sql.md.
--
--   mariadb --execute 'CREATE DATABASE mail'
--   orgmilter schema mariadb | mariadb mail
--
-- A user for the service, which can only read; MySQL and MariaDB alike:
--
--   CREATE USER orgmilter@'%' IDENTIFIED BY 'a password' REQUIRE SSL;
--   GRANT SELECT ON mail.orgmilter_setting TO orgmilter@'%';
--   GRANT SELECT ON mail.orgmilter_version TO orgmilter@'%';
--   GRANT SELECT ON mail.orgmilter_change TO orgmilter@'%';
--
-- or, shorter, with the role that the end of this file makes:
--
--   GRANT orgmilter_reader TO orgmilter@'%';
--   SET DEFAULT ROLE orgmilter_reader FOR orgmilter@'%';       (MySQL: TO instead of FOR)
--
-- A row is a setting of an organization, or of one of its connectors, with the names of
-- orgmilter.conf(5); a list has a row for each element:
--
--   INSERT INTO orgmilter_setting (organization, connector, setting, value) VALUES
--       ('contoso', '',             'accepted-domains',  'contoso.com'),
--       ('contoso', '',             'accepted-domains',  'contoso.net subdomains'),
--       ('contoso', 'headquarters', 'certificate-names', 'mail.contoso.com'),
--       ('contoso', 'office',       'addresses',         '198.51.100.0/28');
--
-- The queries of orgmilter.conf for these tables:
--
--   settings    = "SELECT organization, connector, setting, value, since FROM orgmilter_setting ORDER BY organization"
--   settings-of = "SELECT organization, connector, setting, value, since FROM orgmilter_setting WHERE organization = ?"
--   version     = "SELECT version FROM orgmilter_version"
--   changes     = "SELECT DISTINCT organization FROM orgmilter_change WHERE version > ?"
--
-- What no trigger sees: TRUNCATE, and rows that a foreign key with ON DELETE CASCADE deletes. The service
-- finds these when it reads everything, each full-load-interval; or at once after: CALL orgmilter_record(NULL);
--
-- Two transactions that each change several organizations may meet in a deadlock: the server ends one of
-- them with error 1213, and its client repeats it.

-- The collation makes names equal only if they are the same, and sorts them together.
CREATE TABLE orgmilter_setting (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    organization VARCHAR(255) NOT NULL,
    connector VARCHAR(255) NOT NULL DEFAULT '', -- empty for a setting of the organization itself
    setting VARCHAR(255) NOT NULL,
    value VARCHAR(1000) NOT NULL,
    -- UTC: when the row began to say what it says; the older of two claims to a domain prevails. A trigger sets it.
    since DATETIME(6) NOT NULL DEFAULT '1970-01-01',
    -- One spelling of each domain (below), and one organization for each.
    domain VARCHAR(300) AS (IF(setting = 'accepted-domains', SUBSTRING_INDEX(value, ' ', 1), NULL)) STORED,
    UNIQUE KEY orgmilter_domain (domain),
    KEY orgmilter_organization (organization),
    CONSTRAINT orgmilter_names CHECK (
        organization REGEXP '^[^[:cntrl:]]*[^[:cntrl:][:blank:]]$' AND connector NOT REGEXP '[[:cntrl:]]|[[:blank:]]$'
        AND setting REGEXP '^[^[:cntrl:][:blank:]]+$'),
    CONSTRAINT orgmilter_value CHECK (value NOT REGEXP '[[:cntrl:]]'),
    -- Lower case, A-labels (xn--), no dot at the end.
    CONSTRAINT orgmilter_domain_spelling CHECK (
        setting <> 'accepted-domains' OR value REGEXP '^[a-z0-9_-]+([.][a-z0-9_-]+)+( subdomains)?$')
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One row. Each change takes a lock on it until COMMIT, so versions become visible in their order.
CREATE TABLE orgmilter_version (
    the_only TINYINT NOT NULL DEFAULT 1 PRIMARY KEY CHECK (the_only = 1),
    version BIGINT NOT NULL
) ENGINE = InnoDB;
INSERT INTO orgmilter_version (version) VALUES (1);

-- Which organizations a version changed. NULL means all: there is such a row where the log begins,
-- since of what was before it nothing is known any more.
CREATE TABLE orgmilter_change (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    version BIGINT NOT NULL,
    organization VARCHAR(255) NULL,
    KEY orgmilter_change_version (version)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
INSERT INTO orgmilter_change (version, organization) VALUES (1, NULL);

DELIMITER //

-- Begins a version, for one organization or, with NULL, for all. For triggers, also those of other tables.
CREATE PROCEDURE orgmilter_record(IN changed VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)
    MODIFIES SQL DATA
BEGIN
    DECLARE now_at BIGINT;
    -- What is kept of the log, in versions. Who has not read for longer reads everything.
    DECLARE kept BIGINT DEFAULT 100000;
    UPDATE orgmilter_version SET version = version + 1 WHERE the_only = 1;
    SELECT version INTO now_at FROM orgmilter_version WHERE the_only = 1;
    INSERT INTO orgmilter_change (version, organization) VALUES (now_at, changed);
    IF now_at % 1000 = 0 THEN
        DELETE FROM orgmilter_change WHERE version <= now_at - kept;
        IF ROW_COUNT() > 0 THEN
            INSERT INTO orgmilter_change (version, organization) VALUES (now_at - kept, NULL);
        END IF;
    END IF;
END //

CREATE TRIGGER orgmilter_insert BEFORE INSERT ON orgmilter_setting FOR EACH ROW
    SET NEW.since = UTC_TIMESTAMP(6) //

CREATE TRIGGER orgmilter_inserted AFTER INSERT ON orgmilter_setting FOR EACH ROW
    CALL orgmilter_record(NEW.organization) //

CREATE TRIGGER orgmilter_update BEFORE UPDATE ON orgmilter_setting FOR EACH ROW
    SET NEW.since = IF(
        (NEW.organization, NEW.connector, NEW.setting, NEW.value)
            = (OLD.organization, OLD.connector, OLD.setting, OLD.value),
        OLD.since,
        UTC_TIMESTAMP(6)) //

CREATE TRIGGER orgmilter_updated AFTER UPDATE ON orgmilter_setting FOR EACH ROW
BEGIN
    IF NEW.since <> OLD.since THEN
        CALL orgmilter_record(NEW.organization);
        IF NEW.organization <> OLD.organization THEN
            CALL orgmilter_record(OLD.organization);
        END IF;
    END IF;
END //

CREATE TRIGGER orgmilter_deleted AFTER DELETE ON orgmilter_setting FOR EACH ROW
    CALL orgmilter_record(OLD.organization) //

DELIMITER ;

CREATE ROLE IF NOT EXISTS orgmilter_reader;
GRANT SELECT ON orgmilter_setting TO orgmilter_reader;
GRANT SELECT ON orgmilter_version TO orgmilter_reader;
GRANT SELECT ON orgmilter_change TO orgmilter_reader;
