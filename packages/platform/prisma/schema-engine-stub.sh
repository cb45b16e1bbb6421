#!/bin/sh
# Stands in for Prisma's schema engine, which `prisma generate` asks for its version and does not need.
# It fails on everything else: with a stub that succeeds, `migrate deploy` would do nothing and exit 0.
[ "$1" = "--version" ] && echo "schema-engine-cli 0000000000000000000000000000000000000000" && exit 0
echo "The schema engine is not installed. Migrations are applied by packages/platform/src/db/migrate.ts." >&2
exit 1
