-- Froxlor's mail domains for OrgMilter, in MariaDB or MySQL. See docs/directory-sql.md.
--
-- In Froxlor's own database, after the tables of OrgMilter, by a user who may create views and triggers:
--
--   orgmilter schema mariadb | mariadb froxlor
--   mariadb froxlor < froxlor.sql
--
-- An organization is a customer: its name is the customer's login name. Connectors are rows of orgmilter_setting
-- with that name. The service's user reads three names: orgmilter_directory, orgmilter_version, orgmilter_change.
-- The queries of orgmilter.conf:
--
--   settings    = "SELECT organization, connector, setting, value, since FROM orgmilter_directory ORDER BY organization"
--   settings-of = "SELECT organization, connector, setting, value, since FROM orgmilter_directory WHERE organization = ?"
--   version     = "SELECT version FROM orgmilter_version"
--   changes     = "SELECT DISTINCT organization FROM orgmilter_change WHERE version > ?"
--
-- What the triggers below do not see, such as TRUNCATE, is found each full-load-interval.

-- Subdomains with mail and alias domains with mail are rows of panel_domains as any other.
CREATE VIEW orgmilter_domain AS
SELECT
    CONVERT(c.loginname USING utf8mb4) COLLATE utf8mb4_bin AS organization,
    LOWER(CONVERT(d.domain USING utf8mb4)) COLLATE utf8mb4_bin AS domain,
    FROM_UNIXTIME(NULLIF(d.add_date, 0)) AS since
FROM panel_domains d
JOIN panel_customers c ON c.customerid = d.customerid
WHERE d.isemaildomain = 1 AND d.deactivated = 0 AND c.deactivated = 0;

CREATE VIEW orgmilter_directory AS
SELECT organization, connector, setting, value, since FROM orgmilter_setting
UNION ALL
SELECT organization, '', 'accepted-domains', domain, since FROM orgmilter_domain;

DELIMITER //

CREATE PROCEDURE orgmilter_record_customer(IN changed INT UNSIGNED)
    MODIFIES SQL DATA
BEGIN
    -- A customer that is gone had some name: all are read.
    CALL orgmilter_record((
        SELECT CONVERT(loginname USING utf8mb4) COLLATE utf8mb4_bin FROM panel_customers WHERE customerid = changed));
END //

CREATE TRIGGER orgmilter_domains_inserted AFTER INSERT ON panel_domains FOR EACH ROW
BEGIN
    IF NEW.isemaildomain = 1 THEN
        CALL orgmilter_record_customer(NEW.customerid);
    END IF;
END //
CREATE TRIGGER orgmilter_domains_deleted AFTER DELETE ON panel_domains FOR EACH ROW
BEGIN
    IF OLD.isemaildomain = 1 THEN
        CALL orgmilter_record_customer(OLD.customerid);
    END IF;
END //
CREATE TRIGGER orgmilter_domains_updated AFTER UPDATE ON panel_domains FOR EACH ROW
BEGIN
    IF NOT (NEW.domain <=> OLD.domain AND NEW.customerid <=> OLD.customerid AND NEW.add_date <=> OLD.add_date
            AND NEW.isemaildomain <=> OLD.isemaildomain AND NEW.deactivated <=> OLD.deactivated) THEN
        CALL orgmilter_record_customer(OLD.customerid);
        CALL orgmilter_record_customer(NEW.customerid);
    END IF;
END //

CREATE TRIGGER orgmilter_customers_updated AFTER UPDATE ON panel_customers FOR EACH ROW
BEGIN
    IF NOT (BINARY NEW.loginname <=> BINARY OLD.loginname AND NEW.deactivated <=> OLD.deactivated) THEN
        CALL orgmilter_record(CONVERT(OLD.loginname USING utf8mb4) COLLATE utf8mb4_bin);
        CALL orgmilter_record(CONVERT(NEW.loginname USING utf8mb4) COLLATE utf8mb4_bin);
    END IF;
END //
CREATE TRIGGER orgmilter_customers_deleted AFTER DELETE ON panel_customers FOR EACH ROW
    CALL orgmilter_record(CONVERT(OLD.loginname USING utf8mb4) COLLATE utf8mb4_bin) //

DELIMITER ;

GRANT SELECT ON orgmilter_directory TO orgmilter_reader;
