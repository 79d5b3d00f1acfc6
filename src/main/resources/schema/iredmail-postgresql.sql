-- iRedMail's domains for OrgMilter, in PostgreSQL 12 or newer. See docs/directory-sql.md.
--
-- In iRedMail's own database, after the tables of OrgMilter, by the database's administrator:
--
--   orgmilter schema postgresql | psql -v ON_ERROR_STOP=1 vmail
--   orgmilter schema iredmail-postgresql | psql -v ON_ERROR_STOP=1 vmail
--
-- iRedMail has no customers, only domains: each domain is an organization of its name, with its alias domains.
-- Where several belong together, name the organization of each in orgmilter_member. Connectors are rows of
-- orgmilter_setting. The service's user reads three names: orgmilter_directory, orgmilter_version,
-- orgmilter_change. The queries of orgmilter.conf:
--
--   settings    = "SELECT organization, connector, setting, value, since FROM orgmilter_directory ORDER BY organization"
--   settings-of = "SELECT organization, connector, setting, value, since FROM orgmilter_directory WHERE organization = ?"
--   version     = "SELECT version FROM orgmilter_version"
--   changes     = "SELECT DISTINCT organization FROM orgmilter_change WHERE version > ?"
--
-- The column expired is not looked at: no trigger fires when a time comes. Deactivate a domain instead.

BEGIN;

CREATE TABLE public.orgmilter_member (
    domain text COLLATE "C" PRIMARY KEY, -- in lower case; for alias domains that of their target counts
    organization text COLLATE "C" NOT NULL
);

-- Domains whose mail is only relayed (backupmx) are accepted domains as well. Times have no zone there: all nodes must
-- read them alike, so they are taken for UTC.
CREATE VIEW public.orgmilter_accepted_domain AS
SELECT
    COALESCE(m.organization, lower(d.domain)::text COLLATE "C") AS organization,
    lower(d.domain)::text COLLATE "C" AS domain,
    d.created AT TIME ZONE 'UTC' AS since
FROM public.domain d
LEFT JOIN public.orgmilter_member m ON m.domain = lower(d.domain)::text COLLATE "C"
WHERE d.active = 1
UNION ALL
SELECT
    COALESCE(m.organization, lower(d.domain)::text COLLATE "C"),
    lower(a.alias_domain)::text COLLATE "C",
    a.created AT TIME ZONE 'UTC'
FROM public.alias_domain a
JOIN public.domain d ON d.domain = a.target_domain
LEFT JOIN public.orgmilter_member m ON m.domain = lower(d.domain)::text COLLATE "C"
WHERE a.active = 1 AND d.active = 1;

CREATE VIEW public.orgmilter_directory AS
SELECT organization, connector, setting, value, since FROM public.orgmilter_setting
UNION ALL
SELECT organization, '', 'accepted-domains', domain, since FROM public.orgmilter_accepted_domain;

-- The organization of a domain.
CREATE FUNCTION public.orgmilter_organization(named text) RETURNS text
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT COALESCE((SELECT organization FROM orgmilter_member WHERE domain = lower(named)), lower(named))
$$;

-- A change of a domain concerns its organization.
CREATE FUNCTION public.orgmilter_domain_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM orgmilter_record(ARRAY[orgmilter_organization(OLD.domain)]);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM orgmilter_record(ARRAY[orgmilter_organization(NEW.domain)]);
    END IF;
    RETURN NULL;
END $$;

-- A change of an alias domain concerns the organization of its target.
CREATE FUNCTION public.orgmilter_alias_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM orgmilter_record(ARRAY[orgmilter_organization(OLD.target_domain)]);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM orgmilter_record(ARRAY[orgmilter_organization(NEW.target_domain)]);
    END IF;
    RETURN NULL;
END $$;

-- Changes of members concern what was and what is.
CREATE FUNCTION public.orgmilter_member_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM orgmilter_record(ARRAY[OLD.domain, OLD.organization]);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM orgmilter_record(ARRAY[NEW.domain, NEW.organization]);
    END IF;
    RETURN NULL;
END $$;

-- Only what matters begins a version: not a new quota.
CREATE TRIGGER orgmilter_lock BEFORE INSERT OR DELETE OR TRUNCATE OR UPDATE OF domain, active, created ON public.domain
    FOR EACH STATEMENT EXECUTE FUNCTION public.orgmilter_lock();
CREATE TRIGGER orgmilter_changed AFTER INSERT OR DELETE ON public.domain
    FOR EACH ROW EXECUTE FUNCTION public.orgmilter_domain_changed();
CREATE TRIGGER orgmilter_updated AFTER UPDATE OF domain, active, created ON public.domain
    FOR EACH ROW WHEN ((OLD.domain, OLD.active, OLD.created) IS DISTINCT FROM (NEW.domain, NEW.active, NEW.created))
    EXECUTE FUNCTION public.orgmilter_domain_changed();
CREATE TRIGGER orgmilter_truncated AFTER TRUNCATE ON public.domain
    FOR EACH STATEMENT EXECUTE FUNCTION public.orgmilter_truncated();

-- The same for alias domains.
CREATE TRIGGER orgmilter_lock BEFORE INSERT OR DELETE OR TRUNCATE OR UPDATE OF alias_domain, target_domain, active, created ON public.alias_domain
    FOR EACH STATEMENT EXECUTE FUNCTION public.orgmilter_lock();
CREATE TRIGGER orgmilter_changed AFTER INSERT OR DELETE ON public.alias_domain
    FOR EACH ROW EXECUTE FUNCTION public.orgmilter_alias_changed();
CREATE TRIGGER orgmilter_updated AFTER UPDATE OF alias_domain, target_domain, active, created ON public.alias_domain
    FOR EACH ROW WHEN ((OLD.alias_domain, OLD.target_domain, OLD.active, OLD.created) IS DISTINCT FROM (NEW.alias_domain, NEW.target_domain, NEW.active, NEW.created))
    EXECUTE FUNCTION public.orgmilter_alias_changed();
CREATE TRIGGER orgmilter_truncated AFTER TRUNCATE ON public.alias_domain
    FOR EACH STATEMENT EXECUTE FUNCTION public.orgmilter_truncated();

CREATE TRIGGER orgmilter_lock BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.orgmilter_member
    FOR EACH STATEMENT EXECUTE FUNCTION public.orgmilter_lock();
CREATE TRIGGER orgmilter_changed AFTER INSERT OR UPDATE OR DELETE ON public.orgmilter_member
    FOR EACH ROW EXECUTE FUNCTION public.orgmilter_member_changed();
CREATE TRIGGER orgmilter_truncated AFTER TRUNCATE ON public.orgmilter_member
    FOR EACH STATEMENT EXECUTE FUNCTION public.orgmilter_truncated();

GRANT SELECT ON public.orgmilter_directory TO orgmilter;

COMMIT;
