# For PostgreSQL's image, which runs this once: the password of the role that OrgMilter
# reads with. By standard input, since arguments are visible to all.
psql -v ON_ERROR_STOP=1 -U postgres mail <<END
ALTER ROLE orgmilter PASSWORD '$(cat /run/secrets/directory-password)'
END
