-- Who may do what in the database: the owner changes the schema, writers and readers use it (the migrations say how far).
-- Run as the master, as often as one likes; passwords are set anew each time, which is how they are rotated.
SELECT format('CREATE ROLE %I LOGIN', name)
FROM unnest(ARRAY['halles_owner', 'halles_write', 'halles_read']) AS wanted (name)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

ALTER ROLE halles_owner PASSWORD :'owner';
ALTER ROLE halles_write PASSWORD :'write';
ALTER ROLE halles_read PASSWORD :'read';

-- Only a member may hand things over to a role.
SELECT format('GRANT halles_owner TO %I', current_user)
WHERE NOT pg_has_role(current_user, 'halles_owner', 'MEMBER') \gexec
SELECT format('ALTER DATABASE %I OWNER TO halles_owner', current_database())
FROM pg_database WHERE datname = current_database() AND pg_get_userbyid(datdba) <> 'halles_owner' \gexec
