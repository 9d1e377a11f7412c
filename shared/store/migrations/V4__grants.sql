-- What services may touch. The roles are made by whoever runs the servers; a database without them is fine, too.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'halles_read') THEN
        GRANT USAGE ON SCHEMA public TO halles_read;
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO halles_read;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO halles_read;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'halles_write') THEN
        GRANT USAGE ON SCHEMA public TO halles_write;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO halles_write;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO halles_write;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO halles_write;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO halles_write;
    END IF;
END
$$;
