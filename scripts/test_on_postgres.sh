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

# What the kind of database cannot change: the words, forms and links of a page. Its queries stand in tests/comments,
# tests/moderation and tests/stories, which all run here, and tests/access has every role ask for every address.
# Pages that list, sort, count, search, lock or change many rows stay: of tests/desk the queue, bands, history, insights, ...
alike=(
  moderation/faq
  moderation/statements/test_build.py
  notifications/test_{chat_words,words}.py
  stream/templatetags
  stream/test_{account_pages,atom,context,controls_form,frames,languages,links,personal,staff,static,structured,theme}.py
  stream/views/test_{accessibility,controls,faq,leave,measures,my_comment,notice,nudge,oembed,relation,report,waiting}.py
  desk/insights/test_charts.py
  desk/test_{appeals,audit,bound_chart,card,doors,faq,guarantees,hand_on,handover,links,looks}.py
  desk/test_{message_templates,nav,notices,people,rehearsal_report,sanctions,second_opinions,topic_card,views}.py
)
for path in "${alike[@]}"; do
  test -e "tests/$path" || { echo "tests/$path is gone: take it out of $0"; exit 1; }
done

echo "Once more on PostgreSQL:"
DATABASE_URL=$address exec "$python" -m pytest "$@" -m "database and not browser and (on_both or not slow)" \
  tests/{access,events,accounts,stories,comments,moderation,notifications,stream,desk,api,compat,demo,backup,metrics,retention} \
  --ignore=tests/compat/clients --ignore=tests/compat/perspective "${alike[@]/#/--ignore=tests/}"
