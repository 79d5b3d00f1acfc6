-- PostfixAdmin's domains for OrgMilter, in PostgreSQL 12 or newer. See docs/directory-sql.md.
--
-- In PostfixAdmin's own database, after the tables of OrgMilter, by the database's administrator:
--
--   orgmilter schema postgresql | psql -v ON_ERROR_STOP=1 postfix
--   orgmilter schema postfixadmin-postgresql | psql -v ON_ERROR_STOP=1 postfix
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
-- An alias domain of PostfixAdmin has a row in both tables; it belongs to the organization of its target.
-- The pseudo-domain ALL, by which PostfixAdmin gives rights to its administrators, is left out.

BEGIN;

CREATE TABLE public.orgmilter_member (
    domain text COLLATE "C" PRIMARY KEY, -- in lower case; for alias domains that of their target counts
    organization text COLLATE "C" NOT NULL
);

-- Domains whose mail is only relayed (backupmx) are accepted domains as well.
CREATE VIEW public.orgmilter_accepted_domain AS
SELECT
    COALESCE(m.organization, lower(COALESCE(a.target_domain, d.domain))::text COLLATE "C") AS organization,
    lower(d.domain)::text COLLATE "C" AS domain,
    d.created AS since
FROM public.domain d
LEFT JOIN public.alias_domain a ON a.alias_domain = d.domain AND a.active
LEFT JOIN public.domain t ON t.domain = a.target_domain
LEFT JOIN public.orgmilter_member m ON m.domain = lower(COALESCE(a.target_domain, d.domain))::text COLLATE "C"
WHERE d.active AND d.domain <> 'ALL' AND (a.alias_domain IS NULL OR t.active);

CREATE VIEW public.orgmilter_directory AS
SELECT organization, connector, setting, value, since FROM public.orgmilter_setting
UNION ALL
SELECT organization, '', 'accepted-domains', domain, since FROM public.orgmilter_accepted_domain;

-- The organization of a domain.
CREATE FUNCTION public.orgmilter_organization(named text) RETURNS text
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT COALESCE((SELECT organization FROM orgmilter_member WHERE domain = lower(named)), lower(named))
$$;

-- A change of a domain concerns its organization, which is that of its target if it is an alias.
CREATE FUNCTION public.orgmilter_domain_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM orgmilter_record(ARRAY[orgmilter_organization(COALESCE(
            (SELECT target_domain FROM alias_domain WHERE alias_domain = OLD.domain AND active), OLD.domain))]);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM orgmilter_record(ARRAY[orgmilter_organization(COALESCE(
            (SELECT target_domain FROM alias_domain WHERE alias_domain = NEW.domain AND active), NEW.domain))]);
    END IF;
    RETURN NULL;
END $$;

-- An alias domain leaves one organization and comes to another.
CREATE FUNCTION public.orgmilter_alias_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM orgmilter_record(ARRAY[
            orgmilter_organization(OLD.alias_domain), orgmilter_organization(OLD.target_domain)]);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM orgmilter_record(ARRAY[
            orgmilter_organization(NEW.alias_domain), orgmilter_organization(NEW.target_domain)]);
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
CREATE TRIGGER orgmilter_lock BEFORE INSERT OR DELETE OR TRUNCATE OR UPDATE OF alias_domain, target_domain, active ON public.alias_domain
    FOR EACH STATEMENT EXECUTE FUNCTION public.orgmilter_lock();
CREATE TRIGGER orgmilter_changed AFTER INSERT OR DELETE ON public.alias_domain
    FOR EACH ROW EXECUTE FUNCTION public.orgmilter_alias_changed();
CREATE TRIGGER orgmilter_updated AFTER UPDATE OF alias_domain, target_domain, active ON public.alias_domain
    FOR EACH ROW WHEN ((OLD.alias_domain, OLD.target_domain, OLD.active) IS DISTINCT FROM (NEW.alias_domain, NEW.target_domain, NEW.active))
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
