-- Customers for OrgMilter in PostgreSQL 12 or newer. See docs/directory-sql.md.
--
--   createdb mail
--   orgmilter schema postgresql | psql -v ON_ERROR_STOP=1 mail
--   psql mail --command '\password orgmilter'
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

BEGIN;

-- The collation makes names equal only if they are the same octet for octet, and sorts them together.
CREATE TABLE public.orgmilter_setting (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization text COLLATE "C" NOT NULL,
    connector text COLLATE "C" NOT NULL DEFAULT '', -- empty for a setting of the organization itself
    setting text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    -- When the row began to say what it says: the older of two claims to a domain prevails. A trigger sets it.
    since timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT orgmilter_names CHECK (
        organization !~ '[[:cntrl:]]' AND length(organization) BETWEEN 1 AND 255
        AND connector !~ '[[:cntrl:]]' AND length(connector) <= 255
        AND setting !~ '[[:cntrl:]]' AND length(setting) BETWEEN 1 AND 255),
    CONSTRAINT orgmilter_value CHECK (value !~ '[[:cntrl:]]' AND length(value) <= 1000),
    -- One spelling of each domain: lower case, A-labels (xn--), no dot at the end.
    CONSTRAINT orgmilter_domain_spelling CHECK (
        setting <> 'accepted-domains' OR value ~ '^[a-z0-9_-]+(\.[a-z0-9_-]+)+( subdomains)?$')
);

CREATE INDEX orgmilter_organization ON public.orgmilter_setting (organization);

-- A domain belongs to one organization.
CREATE UNIQUE INDEX orgmilter_domain ON public.orgmilter_setting (split_part(value, ' ', 1))
    WHERE setting = 'accepted-domains';

-- One row. Each change takes a lock on it until COMMIT, so versions become visible in their order.
CREATE TABLE public.orgmilter_version (
    the_only boolean PRIMARY KEY DEFAULT true CHECK (the_only),
    version bigint NOT NULL
);
INSERT INTO public.orgmilter_version (version) VALUES (1);

-- Which organizations a version changed. NULL means all: there is such a row where the log begins,
-- since of what was before it nothing is known any more.
CREATE TABLE public.orgmilter_change (
    version bigint NOT NULL,
    organization text COLLATE "C"
);
CREATE INDEX orgmilter_change_version ON public.orgmilter_change (version);
INSERT INTO public.orgmilter_change VALUES (1, NULL);

-- Begins a version, for one organization or, with NULL, for all. For triggers, also those of other tables.
CREATE FUNCTION public.orgmilter_record(changed text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_at bigint;
    -- What is kept of the log, in versions. Who has not read for longer reads everything.
    kept CONSTANT bigint := 100000;
BEGIN
    UPDATE orgmilter_version SET version = version + 1 RETURNING version INTO now_at;
    -- From so many organizations on, everything is read anyway.
    IF changed IS NULL OR cardinality(changed) > 10000 THEN
        INSERT INTO orgmilter_change VALUES (now_at, NULL);
    ELSE
        INSERT INTO orgmilter_change SELECT now_at, unnest(changed);
    END IF;
    IF now_at % 1000 = 0 THEN
        DELETE FROM orgmilter_change WHERE version <= now_at - kept;
        IF FOUND THEN
            INSERT INTO orgmilter_change VALUES (now_at - kept, NULL);
        END IF;
    END IF;
    PERFORM pg_notify('orgmilter', now_at::text); -- sent at COMMIT
END $$;
REVOKE ALL ON FUNCTION public.orgmilter_record FROM PUBLIC;

-- Before rows are locked: two transactions that change several organizations then wait for each other
-- in one order, and never in a circle.
CREATE FUNCTION public.orgmilter_lock() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM orgmilter_version FOR UPDATE;
    RETURN NULL;
END $$;

CREATE FUNCTION public.orgmilter_inserted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    changed text[] := ARRAY(SELECT DISTINCT organization FROM new_rows);
BEGIN
    IF cardinality(changed) > 0 THEN
        PERFORM orgmilter_record(changed);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.orgmilter_deleted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    changed text[] := ARRAY(SELECT DISTINCT organization FROM old_rows);
BEGIN
    IF cardinality(changed) > 0 THEN
        PERFORM orgmilter_record(changed);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.orgmilter_updated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    changed text[] := ARRAY(
        SELECT organization FROM (SELECT * FROM old_rows EXCEPT SELECT * FROM new_rows) AS gone
        UNION
        SELECT organization FROM (SELECT * FROM new_rows EXCEPT SELECT * FROM old_rows) AS come);
BEGIN
    IF cardinality(changed) > 0 THEN
        PERFORM orgmilter_record(changed);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.orgmilter_truncated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM orgmilter_record(NULL);
    RETURN NULL;
END $$;

CREATE FUNCTION public.orgmilter_since() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND (NEW.organization, NEW.connector, NEW.setting, NEW.value)
            = (OLD.organization, OLD.connector, OLD.setting, OLD.value) THEN
        NEW.since := OLD.since;
    ELSE
        NEW.since := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER orgmilter_lock BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.orgmilter_setting
    FOR EACH STATEMENT EXECUTE FUNCTION public.orgmilter_lock();
CREATE TRIGGER orgmilter_since BEFORE INSERT OR UPDATE ON public.orgmilter_setting
    FOR EACH ROW EXECUTE FUNCTION public.orgmilter_since();
CREATE TRIGGER orgmilter_inserted AFTER INSERT ON public.orgmilter_setting
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.orgmilter_inserted();
CREATE TRIGGER orgmilter_updated AFTER UPDATE ON public.orgmilter_setting
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION public.orgmilter_updated();
CREATE TRIGGER orgmilter_deleted AFTER DELETE ON public.orgmilter_setting
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.orgmilter_deleted();
CREATE TRIGGER orgmilter_truncated AFTER TRUNCATE ON public.orgmilter_setting
    FOR EACH STATEMENT EXECUTE FUNCTION public.orgmilter_truncated();

-- The service's own role: it reads, and listens to the channel orgmilter. Without a password it cannot log in with one.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'orgmilter') THEN
        CREATE ROLE orgmilter LOGIN;
    END IF;
END $$;
-- (Not with default_transaction_read_only: the driver would take every server for a standby.)
GRANT USAGE ON SCHEMA public TO orgmilter;
GRANT SELECT ON public.orgmilter_setting, public.orgmilter_version, public.orgmilter_change TO orgmilter;

-- What writes the rows, such as a panel, needs no more than this, with its role for "panel":
--
--   GRANT SELECT, INSERT, UPDATE, DELETE ON public.orgmilter_setting TO panel;

COMMIT;
