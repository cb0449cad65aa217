#!/usr/bin/env bash
# Makes sure that `make edge` has nginx and Varnish, where that is possible without asking; never fails.
set -u
PATH=$PATH:/usr/sbin

command -v nginx > /dev/null && command -v varnishd > /dev/null && command -v gcc > /dev/null && exit 0

wanted="nginx libnginx-mod-http-cache-purge varnish gcc libc6-dev"
skipped() {
  echo "Tests of caches that are not installed will be skipped: $1"
  exit 0
}

command -v apt-get > /dev/null || skipped "there is no apt-get to install them with"
[ "$(id -u)" = 0 ] || skipped "install them with: sudo apt-get install $wanted"
# Where services are started at once, nginx would take port 80.
[ -d /run/systemd/system ] && skipped "install them with: apt-get install $wanted"

echo "Installing nginx and Varnish for the tests (once) ..."
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 - several words
if ! { apt-get update && apt-get install -y --no-install-recommends $wanted; } > "$log" 2>&1; then
  tail -n 5 "$log"
  skipped "they could not be installed"
fi
