-- Modoboa's domains for OrgMilter, in PostgreSQL 12 or newer. See docs/directory-sql.md.
--
-- In Modoboa's own database, after the tables of OrgMilter, by the database's administrator:
--
--   orgmilter schema postgresql | psql -v ON_ERROR_STOP=1 modoboa
--   orgmilter schema modoboa-postgresql | psql -v ON_ERROR_STOP=1 modoboa
--
-- Modoboa has no customers, only domains: each domain is an organization of its name, with its alias domains.
-- Where several belong together, name the organization of each in orgmilter_member. Connectors are rows of
-- orgmilter_setting. The service's user reads three names: orgmilter_directory, orgmilter_version,
-- orgmilter_change. The queries of orgmilter.conf:
--
--   settings    = "SELECT organization, connector, setting, value, since FROM orgmilter_directory ORDER BY organization"
--   settings-of = "SELECT organization, connector, setting, value, since FROM orgmilter_directory WHERE organization = ?"
--   version     = "SELECT version FROM orgmilter_version"
--   changes     = "SELECT DISTINCT organization FROM orgmilter_change WHERE version > ?"
--
-- Relay domains are accepted domains as well.

BEGIN;

CREATE TABLE public.orgmilter_member (
    domain text COLLATE "C" PRIMARY KEY, -- in lower case; for alias domains that of their target counts
    organization text COLLATE "C" NOT NULL
);

CREATE VIEW public.orgmilter_accepted_domain AS
SELECT
    COALESCE(m.organization, lower(d.name)::text COLLATE "C") AS organization,
    lower(d.name)::text COLLATE "C" AS domain,
    d.creation AS since
FROM public.admin_domain d
LEFT JOIN public.orgmilter_member m ON m.domain = lower(d.name)::text COLLATE "C"
WHERE d.enabled
UNION ALL
SELECT
    COALESCE(m.organization, lower(d.name)::text COLLATE "C"),
    lower(a.name)::text COLLATE "C",
    a.creation
FROM public.admin_domainalias a
JOIN public.admin_domain d ON d.id = a.target_id
LEFT JOIN public.orgmilter_member m ON m.domain = lower(d.name)::text COLLATE "C"
WHERE a.enabled AND d.enabled;

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
        PERFORM orgmilter_record(ARRAY[orgmilter_organization(OLD.name)]);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM orgmilter_record(ARRAY[orgmilter_organization(NEW.name)]);
    END IF;
    RETURN NULL;
END $$;

-- A change of an alias domain concerns the organization of its target; if that is gone, it has begun a version itself.
CREATE FUNCTION public.orgmilter_alias_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM orgmilter_record(ARRAY(
            SELECT orgmilter_organization(name) FROM admin_domain WHERE id = OLD.target_id));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM orgmilter_record(ARRAY(
            SELECT orgmilter_organization(name) FROM admin_domain WHERE id = NEW.target_id));
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
CREATE TRIGGER orgmilter_lock BEFORE INSERT OR DELETE OR TRUNCATE OR UPDATE OF name, enabled, creation ON public.admin_domain
    FOR EACH STATEMENT EXECUTE FUNCTION public.orgmilter_lock();
CREATE TRIGGER orgmilter_changed AFTER INSERT OR DELETE ON public.admin_domain
    FOR EACH ROW EXECUTE FUNCTION public.orgmilter_domain_changed();
CREATE TRIGGER orgmilter_updated AFTER UPDATE OF name, enabled, creation ON public.admin_domain
    FOR EACH ROW WHEN ((OLD.name, OLD.enabled, OLD.creation) IS DISTINCT FROM (NEW.name, NEW.enabled, NEW.creation))
    EXECUTE FUNCTION public.orgmilter_domain_changed();
CREATE TRIGGER orgmilter_truncated AFTER TRUNCATE ON public.admin_domain
    FOR EACH STATEMENT EXECUTE FUNCTION public.orgmilter_truncated();

-- The same for alias domains.
CREATE TRIGGER orgmilter_lock BEFORE INSERT OR DELETE OR TRUNCATE OR UPDATE OF name, target_id, enabled, creation ON public.admin_domainalias
    FOR EACH STATEMENT EXECUTE FUNCTION public.orgmilter_lock();
CREATE TRIGGER orgmilter_changed AFTER INSERT OR DELETE ON public.admin_domainalias
    FOR EACH ROW EXECUTE FUNCTION public.orgmilter_alias_changed();
CREATE TRIGGER orgmilter_updated AFTER UPDATE OF name, target_id, enabled, creation ON public.admin_domainalias
    FOR EACH ROW WHEN ((OLD.name, OLD.target_id, OLD.enabled, OLD.creation) IS DISTINCT FROM (NEW.name, NEW.target_id, NEW.enabled, NEW.creation))
    EXECUTE FUNCTION public.orgmilter_alias_changed();
CREATE TRIGGER orgmilter_truncated AFTER TRUNCATE ON public.admin_domainalias
    FOR EACH STATEMENT EXECUTE FUNCTION public.orgmilter_truncated();

CREATE TRIGGER orgmilter_lock BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.orgmilter_member
    FOR EACH STATEMENT EXECUTE FUNCTION public.orgmilter_lock();
CREATE TRIGGER orgmilter_changed AFTER INSERT OR UPDATE OR DELETE ON public.orgmilter_member
    FOR EACH ROW EXECUTE FUNCTION public.orgmilter_member_changed();
CREATE TRIGGER orgmilter_truncated AFTER TRUNCATE ON public.orgmilter_member
    FOR EACH STATEMENT EXECUTE FUNCTION public.orgmilter_truncated();

GRANT SELECT ON public.orgmilter_directory TO orgmilter;

COMMIT;
