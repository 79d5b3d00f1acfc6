-- PostfixAdmin's domains for OrgMilter, in MariaDB or MySQL. See docs/directory-sql.md.
--
-- In PostfixAdmin's own database, after the tables of OrgMilter, by a user who may create views and triggers:
--
--   orgmilter schema mariadb | mariadb postfix
--   mariadb postfix < postfixadmin.sql
--
-- PostfixAdmin has no customers, only domains: each domain is an organization of its name, with its alias domains.
-- Where several belong together, name the organization of each in orgmilter_member. Connectors are rows of
-- orgmilter_setting. The service's user reads three names: orgmilter_directory, orgmilter_version,
-- orgmilter_change. The queries of orgmilter.conf:
--
--   settings    = "SELECT organization, connector, setting, value, since FROM orgmilter_directory ORDER BY organization"
--   settings-of = "SELECT organization, connector, setting, value, since FROM orgmilter_directory WHERE organization = ?"
--   version     = "SELECT version FROM orgmilter_version"
--   changes     = "SELECT DISTINCT organization FROM orgmilter_change WHERE version > ?"
--
-- What the triggers below do not see, such as TRUNCATE, is found each full-load-interval.
-- An alias domain of PostfixAdmin has a row in both tables; it belongs to the organization of its target.
-- The pseudo-domain ALL, by which PostfixAdmin gives rights to its administrators, is left out.

CREATE TABLE orgmilter_member (
    domain VARCHAR(255) NOT NULL PRIMARY KEY, -- as in the table domain; for alias domains that of their target counts
    organization VARCHAR(255) NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Domains whose mail is only relayed (backupmx) are accepted domains as well.
CREATE VIEW orgmilter_domain AS
SELECT
    COALESCE(m.organization, LOWER(CONVERT(COALESCE(a.target_domain, d.domain) USING utf8mb4)) COLLATE utf8mb4_bin) AS organization,
    LOWER(CONVERT(d.domain USING utf8mb4)) COLLATE utf8mb4_bin AS domain,
    d.created AS since
FROM domain d
LEFT JOIN alias_domain a ON a.alias_domain = d.domain AND a.active = 1
LEFT JOIN domain t ON t.domain = a.target_domain
LEFT JOIN orgmilter_member m ON m.domain = LOWER(CONVERT(COALESCE(a.target_domain, d.domain) USING utf8mb4)) COLLATE utf8mb4_bin
WHERE d.active = 1 AND d.domain <> 'ALL' AND (a.alias_domain IS NULL OR t.active = 1);

CREATE VIEW orgmilter_directory AS
SELECT organization, connector, setting, value, since FROM orgmilter_setting
UNION ALL
SELECT organization, '', 'accepted-domains', domain, since FROM orgmilter_domain;

DELIMITER //

CREATE PROCEDURE orgmilter_record_domain(IN changed VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)
    MODIFIES SQL DATA
    CALL orgmilter_record(COALESCE(
        (SELECT organization FROM orgmilter_member WHERE domain = LOWER(changed)), LOWER(changed))) //

-- A change of a domain concerns its organization, which is that of its target if it is an alias.
CREATE PROCEDURE orgmilter_record_own(IN changed VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)
    MODIFIES SQL DATA
    CALL orgmilter_record_domain(COALESCE(
        (SELECT target_domain FROM alias_domain WHERE alias_domain = changed AND active = 1), changed)) //

CREATE TRIGGER orgmilter_domain_inserted AFTER INSERT ON domain FOR EACH ROW
    CALL orgmilter_record_own(NEW.domain) //
CREATE TRIGGER orgmilter_domain_deleted AFTER DELETE ON domain FOR EACH ROW
    CALL orgmilter_record_own(OLD.domain) //
CREATE TRIGGER orgmilter_domain_updated AFTER UPDATE ON domain FOR EACH ROW
BEGIN
    IF NOT (NEW.domain <=> OLD.domain AND NEW.active <=> OLD.active AND NEW.created <=> OLD.created) THEN
        CALL orgmilter_record_own(OLD.domain);
        CALL orgmilter_record_own(NEW.domain);
    END IF;
END //

-- An alias domain leaves one organization and comes to another.
CREATE TRIGGER orgmilter_alias_domain_inserted AFTER INSERT ON alias_domain FOR EACH ROW
BEGIN
    CALL orgmilter_record_domain(NEW.alias_domain);
    CALL orgmilter_record_domain(NEW.target_domain);
END //
CREATE TRIGGER orgmilter_alias_domain_deleted AFTER DELETE ON alias_domain FOR EACH ROW
BEGIN
    CALL orgmilter_record_domain(OLD.alias_domain);
    CALL orgmilter_record_domain(OLD.target_domain);
END //
CREATE TRIGGER orgmilter_alias_domain_updated AFTER UPDATE ON alias_domain FOR EACH ROW
BEGIN
    IF NOT (NEW.alias_domain <=> OLD.alias_domain AND NEW.target_domain <=> OLD.target_domain
            AND NEW.active <=> OLD.active) THEN
        CALL orgmilter_record_domain(OLD.alias_domain);
        CALL orgmilter_record_domain(OLD.target_domain);
        CALL orgmilter_record_domain(NEW.alias_domain);
        CALL orgmilter_record_domain(NEW.target_domain);
    END IF;
END //

CREATE TRIGGER orgmilter_member_inserted AFTER INSERT ON orgmilter_member FOR EACH ROW
BEGIN
    CALL orgmilter_record(NEW.domain);
    CALL orgmilter_record(NEW.organization);
END //
CREATE TRIGGER orgmilter_member_deleted AFTER DELETE ON orgmilter_member FOR EACH ROW
BEGIN
    CALL orgmilter_record(OLD.domain);
    CALL orgmilter_record(OLD.organization);
END //
CREATE TRIGGER orgmilter_member_updated AFTER UPDATE ON orgmilter_member FOR EACH ROW
BEGIN
    CALL orgmilter_record(OLD.domain);
    CALL orgmilter_record(OLD.organization);
    CALL orgmilter_record(NEW.domain);
    CALL orgmilter_record(NEW.organization);
END //

DELIMITER ;

GRANT SELECT ON orgmilter_directory TO orgmilter_reader;
