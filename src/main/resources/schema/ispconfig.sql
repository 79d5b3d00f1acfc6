-- ISPConfig's mail domains for OrgMilter, in MariaDB or MySQL. See docs/directory-sql.md.
--
-- In ISPConfig's own database, after the tables of OrgMilter, by a user who may create views and triggers:
--
--   orgmilter schema mariadb | mariadb dbispconfig
--   mariadb dbispconfig < ispconfig.sql
--
-- An organization is a client: its name is the client's user name, or admin for domains that belong to no client.
-- Connectors are rows of orgmilter_setting with that name. The service's user reads three names:
-- orgmilter_directory, orgmilter_version, orgmilter_change. The queries of orgmilter.conf:
--
--   settings    = "SELECT organization, connector, setting, value, since FROM orgmilter_directory ORDER BY organization"
--   settings-of = "SELECT organization, connector, setting, value, since FROM orgmilter_directory WHERE organization = ?"
--   version     = "SELECT version FROM orgmilter_version"
--   changes     = "SELECT DISTINCT organization FROM orgmilter_change WHERE version > ?"
--
-- What the triggers below do not see, such as TRUNCATE, is found each full-load-interval. ISPConfig notes no time
-- at which a domain was added: of two claims to a domain neither is the older, unless one is in orgmilter_setting.

-- A domain alias of ISPConfig is itself a mail domain, and needs nothing more. Domains whose mail is only relayed
-- (mail_relay_domain) are accepted domains as well. A domain may be on several servers: DISTINCT.
CREATE VIEW orgmilter_group AS
SELECT
    g.groupid AS groupid,
    COALESCE(CONVERT(c.username USING utf8mb4), 'admin') COLLATE utf8mb4_bin AS organization
FROM sys_group g
LEFT JOIN client c ON c.client_id = g.client_id;

CREATE VIEW orgmilter_domain AS
SELECT DISTINCT
    g.organization AS organization,
    LOWER(CONVERT(d.domain USING utf8mb4)) COLLATE utf8mb4_bin AS domain
FROM mail_domain d
JOIN orgmilter_group g ON g.groupid = d.sys_groupid
WHERE d.active = 'y'
UNION
SELECT
    g.organization,
    LOWER(CONVERT(r.domain USING utf8mb4)) COLLATE utf8mb4_bin
FROM mail_relay_domain r
JOIN orgmilter_group g ON g.groupid = r.sys_groupid
WHERE r.active = 'y';

CREATE VIEW orgmilter_directory AS
SELECT organization, connector, setting, value, since FROM orgmilter_setting
UNION ALL
SELECT organization, '', 'accepted-domains', domain, NULL FROM orgmilter_domain;

DELIMITER //

CREATE PROCEDURE orgmilter_record_group(IN changed INT UNSIGNED)
    MODIFIES SQL DATA
BEGIN
    -- A group that is gone had some organization: all are read.
    CALL orgmilter_record((SELECT organization FROM orgmilter_group WHERE groupid = changed));
END //

CREATE TRIGGER orgmilter_mail_domain_inserted AFTER INSERT ON mail_domain FOR EACH ROW
    CALL orgmilter_record_group(NEW.sys_groupid) //
CREATE TRIGGER orgmilter_mail_domain_deleted AFTER DELETE ON mail_domain FOR EACH ROW
    CALL orgmilter_record_group(OLD.sys_groupid) //
CREATE TRIGGER orgmilter_mail_domain_updated AFTER UPDATE ON mail_domain FOR EACH ROW
BEGIN
    IF NOT (NEW.domain <=> OLD.domain AND NEW.active <=> OLD.active AND NEW.sys_groupid <=> OLD.sys_groupid) THEN
        CALL orgmilter_record_group(OLD.sys_groupid);
        CALL orgmilter_record_group(NEW.sys_groupid);
    END IF;
END //

CREATE TRIGGER orgmilter_mail_relay_domain_inserted AFTER INSERT ON mail_relay_domain FOR EACH ROW
    CALL orgmilter_record_group(NEW.sys_groupid) //
CREATE TRIGGER orgmilter_mail_relay_domain_deleted AFTER DELETE ON mail_relay_domain FOR EACH ROW
    CALL orgmilter_record_group(OLD.sys_groupid) //
CREATE TRIGGER orgmilter_mail_relay_domain_updated AFTER UPDATE ON mail_relay_domain FOR EACH ROW
BEGIN
    IF NOT (NEW.domain <=> OLD.domain AND NEW.active <=> OLD.active AND NEW.sys_groupid <=> OLD.sys_groupid) THEN
        CALL orgmilter_record_group(OLD.sys_groupid);
        CALL orgmilter_record_group(NEW.sys_groupid);
    END IF;
END //

-- Rare, and with any number of domains: all are read.
CREATE TRIGGER orgmilter_sys_group_updated AFTER UPDATE ON sys_group FOR EACH ROW
BEGIN
    IF NOT (NEW.client_id <=> OLD.client_id) THEN
        CALL orgmilter_record(NULL);
    END IF;
END //
CREATE TRIGGER orgmilter_sys_group_deleted AFTER DELETE ON sys_group FOR EACH ROW
    CALL orgmilter_record(NULL) //
CREATE TRIGGER orgmilter_client_updated AFTER UPDATE ON client FOR EACH ROW
BEGIN
    IF NOT (BINARY NEW.username <=> BINARY OLD.username) THEN
        CALL orgmilter_record(NULL);
    END IF;
END //
CREATE TRIGGER orgmilter_client_deleted AFTER DELETE ON client FOR EACH ROW
    CALL orgmilter_record(NULL) //

DELIMITER ;

GRANT SELECT ON orgmilter_directory TO orgmilter_reader;
