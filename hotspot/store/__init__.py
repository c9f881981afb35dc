"""The only SQL: one set of tables on SQLite and PostGIS."""
