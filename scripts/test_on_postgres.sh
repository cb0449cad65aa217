#!/usr/bin/env bash
# Runs the tests that touch the database once more, on PostgreSQL, where a server is there to use; the Perspective door,
# which keeps keys and quotas alone (tests/compat/test_quota.py), is left out.
# BELOWLINE_TEST_POSTGRES names it; tests make a database of their own on it.
set -euo pipefail

python=$1
shift
address=${BELOWLINE_TEST_POSTGRES:-postgres://postgres@127.0.0.1:5432/postgres}
if ! "$python" -c "import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=3).close()" "$address" 2> /dev/null; then
  echo "The tests on PostgreSQL were skipped: no server answers; name one with BELOWLINE_TEST_POSTGRES=postgres://..."
  exit 0
fi
echo "Once more on PostgreSQL:"
DATABASE_URL=$address exec "$python" -m pytest "$@" -m "database and not browser and not slow" \
  tests/{events,accounts,stories,comments,moderation,notifications,stream,desk,api,compat,demo,backup,metrics,retention} \
  --ignore=tests/compat/clients --ignore=tests/compat/perspective
